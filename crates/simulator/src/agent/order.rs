//! Order numbers in what people write.

/// An order number in `message`, in its written form `FH-10423`.
pub fn order_number(message: &str) -> Option<String> {
    let mut digits = String::new();
    let mut run = String::new();
    for character in message.chars().chain([' ']) {
        match character {
            digit if digit.is_ascii_digit() => run.push(digit),
            // Spoken and typed numbers come in groups: "104 23".
            ' ' | '-' if !run.is_empty() && run.len() < 5 => {}
            _ => {
                if run.len() > digits.len() {
                    digits.clone_from(&run);
                }
                run.clear();
            }
        }
    }
    if run.len() > digits.len() {
        digits = run;
    }
    (4..=8).contains(&digits.len()).then(|| format!("FH-{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_they_are_written() {
        for text in ["FH-10423", "fh 10423", "it's 10 423, I think", "10-423", "order10423!"] {
            assert_eq!(order_number(text).as_deref(), Some("FH-10423"), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_none() {
        for text in ["", "size 42", "in 2 or 3 days", "123456789012", "no"] {
            assert_eq!(order_number(text), None, "{text}");
        }
    }
}
