//! Session descriptions: a lawful answer to a browser's offer (RFC 8829).

use std::fmt::Write as _;

use perch_api::calls::message::{ErrorCode, ErrorReport, Sdp};

use crate::world::mix;

/// Media sections an offer may have.
const SECTIONS: usize = 32;

/// An answer, and the section of it that was taken.
#[derive(Debug)]
pub(super) struct Answer {
    /// The description.
    pub(super) sdp: Sdp,
    /// The section by its name.
    pub(super) mid: Option<String>,
    /// The section by its place, from 0.
    pub(super) at: u16,
}

/// Answers an offer: Opus is taken, every other medium is turned down. `entropy` decides what
/// must differ between calls.
pub(super) fn answer(offer: &Sdp, entropy: u64) -> Result<Answer, ErrorReport> {
    let lines: Vec<_> = offer.as_str().lines().map(str::trim_end).collect();
    let starts: Vec<_> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with("m="))
        .map(|(at, _)| at)
        .collect();
    if lines.first() != Some(&"v=0") || starts.is_empty() || starts.len() > SECTIONS {
        return Err(refused("The session description has no media"));
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let head = lines.get(..starts.first().copied().unwrap_or_default()).unwrap_or_default();
    let media: Vec<_> = starts
        .iter()
        .zip(ends)
        .map(|(from, until)| Media { lines: lines.get(*from..until).unwrap_or_default(), head })
        .collect();
    let taken = media.iter().position(|media| media.is_audio() && media.opus().is_some());
    let taken = taken.ok_or_else(|| refused("No audio with Opus was offered"))?;

    let session = mix(entropy, 1) >> 2;
    let mut text = format!("v=0\r\no=- {session} 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    if let Some(mid) = media.get(taken).and_then(|media| media.value("mid")) {
        // Writing to a string cannot fail.
        let _ = write!(text, "a=group:BUNDLE {mid}\r\n");
    }
    text.push_str("a=msid-semantic: WMS\r\n");
    for (at, media) in media.iter().enumerate() {
        text.push_str(&if at == taken { media.taken(entropy) } else { media.turned_down() });
    }
    let mid = media.get(taken).and_then(|media| media.value("mid")).map(str::to_owned);
    Ok(Answer { sdp: Sdp::new(text), mid, at: u16::try_from(taken).unwrap_or(0) })
}

/// One section of an offer.
struct Media<'a> {
    lines: &'a [&'a str],
    /// What holds for all sections.
    head: &'a [&'a str],
}

impl Media<'_> {
    /// `audio`, port, transport, formats.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.lines.first().and_then(|line| line.strip_prefix("m=")).unwrap_or_default().split(' ')
    }

    fn is_audio(&self) -> bool {
        self.words().next() == Some("audio") && self.value("ice-ufrag").is_some()
    }

    /// The value of an attribute, here or above.
    fn value(&self, name: &str) -> Option<&str> {
        let mut lines = self.lines.iter().chain(self.head);
        lines.find_map(|line| line.strip_prefix("a=")?.strip_prefix(name)?.strip_prefix(':'))
    }

    fn has(&self, flag: &str) -> bool {
        self.lines.iter().any(|line| line.strip_prefix("a=") == Some(flag))
    }

    /// The number that stands for Opus in it.
    fn opus(&self) -> Option<&str> {
        let maps = self.lines.iter().filter_map(|line| line.strip_prefix("a=rtpmap:"));
        let mut opus = maps.filter(|map| map.to_ascii_lowercase().contains(" opus/48000/2"));
        let number = opus.next()?.split(' ').next()?;
        (number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
    }

    fn taken(&self, entropy: u64) -> String {
        let opus = self.opus().unwrap_or("111");
        let transport = self.words().nth(2).unwrap_or("UDP/TLS/RTP/SAVPF");
        let mut text = format!("m=audio 9 {transport} {opus}\r\nc=IN IP4 0.0.0.0\r\n");
        let mut line = |name: &str| {
            text.push_str("a=");
            text.push_str(name);
            text.push_str("\r\n");
        };
        line("rtcp:9 IN IP4 0.0.0.0");
        line(&format!("ice-ufrag:{:08x}", mix(entropy, 2) >> 32));
        line(&format!("ice-pwd:{:016x}{:016x}", mix(entropy, 3), mix(entropy, 4)));
        line("ice-options:trickle");
        let print: Vec<_> =
            (0..32).map(|at| format!("{:02X}", mix(entropy, 100 + at) >> 56)).collect();
        line(&format!("fingerprint:sha-256 {}", print.join(":")));
        // The offerer leaves the choice to the answerer, unless it has chosen itself.
        line(if self.value("setup") == Some("active") { "setup:passive" } else { "setup:active" });
        if let Some(mid) = self.value("mid") {
            line(&format!("mid:{mid}"));
        }
        line(if self.has("recvonly") {
            "sendonly"
        } else if self.has("sendonly") {
            "recvonly"
        } else if self.has("inactive") {
            "inactive"
        } else {
            "sendrecv"
        });
        if self.has("rtcp-mux") {
            line("rtcp-mux");
        }
        line(&format!("rtpmap:{opus} opus/48000/2"));
        line(&format!("fmtp:{opus} minptime=10;useinbandfec=1"));
        text
    }

    /// The same section with port 0, as turning down is written.
    fn turned_down(&self) -> String {
        let mut words: Vec<_> = self.words().collect();
        if let Some(port) = words.get_mut(1) {
            *port = "0";
        }
        let mid = self.value("mid").map(|mid| format!("a=mid:{mid}\r\n")).unwrap_or_default();
        format!("m={}\r\nc=IN IP4 0.0.0.0\r\n{mid}a=inactive\r\n", words.join(" "))
    }
}

fn refused(text: &str) -> ErrorReport {
    ErrorReport { code: ErrorCode::InvalidArgument, message: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
        a=fingerprint:sha-256 00:11\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=ice-ufrag:abcd\r\na=ice-pwd:p\r\n\
        a=setup:actpass\r\na=mid:0\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:63 red/48000/2\r\n\
        a=rtpmap:111 opus/48000/2\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n";

    #[test]
    fn opus_is_taken_and_the_rest_turned_down() {
        let answer = answer(&Sdp::new(OFFER), 7).unwrap();
        let text = answer.sdp.as_str();
        assert_eq!((answer.mid.as_deref(), answer.at), (Some("0"), 0));
        assert!(text.starts_with("v=0\r\no=- "));
        for line in [
            "a=group:BUNDLE 0",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111",
            "a=setup:active",
            "a=mid:0",
            "a=sendonly",
            "a=rtcp-mux",
            "a=rtpmap:111 opus/48000/2",
            "m=video 0 UDP/TLS/RTP/SAVPF 96",
            "a=mid:1",
        ] {
            assert!(text.lines().any(|own| own == line), "{line}\n{text}");
        }
        assert_eq!(text.lines().filter(|line| line.starts_with("a=ice-pwd:")).count(), 1);
        assert_ne!(text, super::answer(&Sdp::new(OFFER), 8).unwrap().sdp.as_str());
    }

    #[test]
    fn what_is_no_offer_of_a_call_is_refused() {
        let no_opus = OFFER.replace("opus/48000/2", "PCMU/8000");
        let no_ice = OFFER.replace("ice-ufrag", "x");
        let many = format!("v=0\r\n{}", "m=audio 9 x 1\r\n".repeat(40));
        for odd in ["", "v=0\r\n", "hello", "v=0\r\nm=", &no_opus, &no_ice, &many] {
            let report = answer(&Sdp::new(odd), 7).unwrap_err();
            assert_eq!(report.code, ErrorCode::InvalidArgument, "{odd}");
        }
    }
}
