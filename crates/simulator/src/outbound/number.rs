//! Numbers to dial, in whatever form they come.

use perch_api::model::PhoneNumber;

/// Country and its calling code; where people write a zero before national numbers, it is dropped.
const COUNTRIES: [(&str, &str); 44] = [
    ("AR", "54"),
    ("AT", "43"),
    ("AU", "61"),
    ("BE", "32"),
    ("BG", "359"),
    ("BR", "55"),
    ("CA", "1"),
    ("CH", "41"),
    ("CL", "56"),
    ("CO", "57"),
    ("CZ", "420"),
    ("DE", "49"),
    ("DK", "45"),
    ("EE", "372"),
    ("ES", "34"),
    ("FI", "358"),
    ("FR", "33"),
    ("GB", "44"),
    ("GR", "30"),
    ("HR", "385"),
    ("HU", "36"),
    ("IE", "353"),
    ("IN", "91"),
    ("IT", "39"),
    ("JP", "81"),
    ("LT", "370"),
    ("LU", "352"),
    ("LV", "371"),
    ("MX", "52"),
    ("MY", "60"),
    ("NL", "31"),
    ("NO", "47"),
    ("NZ", "64"),
    ("PL", "48"),
    ("PT", "351"),
    ("RO", "40"),
    ("RS", "381"),
    ("SE", "46"),
    ("SG", "65"),
    ("SI", "386"),
    ("SK", "421"),
    ("TR", "90"),
    ("US", "1"),
    ("ZA", "27"),
];

/// The number in E.164: as given, or a national one with its country's code before it.
pub(crate) fn dialled(number: &str, country: Option<&str>) -> Option<String> {
    let e164 = |text: &str| PhoneNumber::parse(text).is_ok().then(|| text.to_owned());
    if number.starts_with('+') {
        return e164(number);
    }
    let country = country?.to_ascii_uppercase();
    let (_, code) = COUNTRIES.iter().find(|(known, _)| *known == country)?;
    let odd = |letter: char| !letter.is_ascii_digit() && !" ()-./".contains(letter);
    if number.contains(odd) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    // Italy keeps its zero.
    let national = if country == "IT" { &digits } else { digits.trim_start_matches('0') };
    if national.len() < 3 {
        return None;
    }
    e164(&format!("+{code}{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_numbers_need_their_country() {
        for (number, country, dialled_as) in [
            ("+447700900123", None, Some("+447700900123")),
            ("+447700900123", Some("FR"), Some("+447700900123")),
            ("07700 900123", Some("gb"), Some("+447700900123")),
            ("(415) 555-0100", Some("US"), Some("+14155550100")),
            ("06 1234 5678", Some("IT"), Some("+390612345678")),
            ("07700900123", None, None),
            ("07700900123", Some("XX"), None),
            ("0", Some("GB"), None),
            ("call me", Some("GB"), None),
            ("+44 7700", None, None),
            ("", Some("GB"), None),
        ] {
            assert_eq!(dialled(number, country).as_deref(), dialled_as, "{number} {country:?}");
        }
    }
}
