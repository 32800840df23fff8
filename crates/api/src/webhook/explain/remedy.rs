//! What to do about each diagnosis, in a sentence or two.

use super::Diagnosis;

const RAW: &str =
    "Verify the raw bytes as they arrive, before any parser or middleware touches them.";
const HEADER: &str =
    "Hand the header on as it came; look at what lies between the platform and here.";
const SENDER: &str = "This is not how the platform signs: find out what signs in between, or mend the signer to HMAC-SHA256 over `{timestamp}.{raw body}`, in hex.";
const SECRET: &str = "Use the secret as text, byte for byte as it was issued, whsec_ included.";

/// What to do.
pub(super) fn remedy(diagnosis: &Diagnosis) -> &'static str {
    use Diagnosis as D;
    match diagnosis {
        D::Valid => "Nothing: it verifies.",
        D::Unexplained => {
            "Check that the secret is the one of this endpoint and region, and that the body is what arrived, byte for byte; then rotate the secret."
        }
        D::NoSecret => "Configure the endpoint's signing secret; until then answer 503, not 4xx.",
        D::SignatureMissing => {
            "Either the platform did not send this, or something on the way drops the X-PolyAI headers: let them through."
        }
        D::OtherScheme => {
            "Verify it by the scheme it was signed with, or send it to its own endpoint."
        }
        D::HeaderRenamed => "Let the header through under its own name, X-PolyAI-Signature.",
        D::DuplicateHeader => {
            "Find out what adds the header a second time, and let it replace or skip."
        }
        D::SignatureTruncated => {
            "Store and hand on all 64 digits; a column or log may be too narrow."
        }
        D::SignatureMalformed
        | D::SignaturePrefixed
        | D::SignatureWhitespace
        | D::SignatureQuoted
        | D::SignatureList
        | D::SignatureUpperCase => HEADER,
        D::SignatureBase64 | D::SignatureBase64Url => {
            "Write the signature as 64 lower-case hex digits, as the platform does."
        }
        D::TimestampMissing => {
            "Let the X-PolyAI-Timestamp header through: it is part of what is signed."
        }
        D::TimestampPast => {
            "If it was queued or replayed, sign it anew or verify on arrival; if it came directly, set this machine's clock by NTP."
        }
        D::TimestampFuture => "Set the clocks by NTP; one of the two is wrong.",
        D::RetryNotRestamped => {
            "A gateway sends retries with the first attempt's timestamp: verify at the gateway, on arrival, or have it sign anew."
        }
        D::TimestampMilliseconds => "Send Unix seconds, ten digits: divide by 1000 and round down.",
        D::TimestampIso | D::TimestampFloat | D::TimestampQuoted | D::TimestampMalformed => {
            "Send Unix seconds as ten plain digits."
        }
        D::TimestampAltered => "Hand the X-PolyAI-Timestamp header on unchanged; it is signed.",
        D::WrongSecret => {
            "Put the secret of this endpoint here, or point the sender at the other endpoint."
        }
        D::RetiredSecret => {
            "Keep the old secret accepted for 5 h 21 min after a rotation, until the last retry; if it is older, something still signs with it."
        }
        D::SecretHexDecoded
        | D::SecretBase64Decoded
        | D::SecretEncoded
        | D::SecretPrefixStripped
        | D::SecretPrefixAdded
        | D::SecretCase => SECRET,
        D::SecretTrailingNewline | D::SecretPadded | D::SecretQuoted => {
            "Store the secret without line break, white space or quotes: `printf %s`, not `echo`."
        }
        D::SecretEmpty => {
            "The signer's secret is unset: set it. Anybody could have made this signature; do not accept it."
        }
        D::TimestampNotSigned
        | D::SeparatorDifferent
        | D::OrderSwapped
        | D::EventIdSigned
        | D::LayoutTagged
        | D::BodyHashSigned
        | D::BodyNotSigned
        | D::AlgorithmSha1
        | D::AlgorithmSha512
        | D::AlgorithmPlainHash => SENDER,
        D::BodyWhitespace
        | D::BodyKeyOrder
        | D::BodyEscapes
        | D::BodyNumbers
        | D::BodyReserialised
        | D::BodyNewlineRemoved
        | D::BodyNewlineAdded
        | D::BodyPadded
        | D::BodyLineEndings
        | D::BodyBom
        | D::BodyCharset
        | D::BodyReplacementCharacters
        | D::BodyUrlEncoded
        | D::BodyUrlDecoded
        | D::BodyHtmlEscaped
        | D::BodyFormWrapped
        | D::BodyJsonString => RAW,
        D::BodyEnveloped | D::BodyBase64 => {
            "Take the body out of the runtime's event, and decode it if isBase64Encoded says so, before verifying."
        }
        D::BodyCompressed => {
            "Decompress the body before verifying: something on the way compressed it."
        }
        D::BodyDecompressed => {
            "Verify before decompressing: the signature is over the compressed bytes."
        }
        D::BodyChunked => "Read the body through an HTTP library, which takes the framing off.",
        D::BodyEmptySigned => {
            "The signer read the body after it was consumed: sign the bytes that are sent."
        }
        D::BodyNotBytes => "Sign and verify the text of the JSON, not the parsed object.",
        D::BodyOfAnotherDelivery | D::SignatureOfAnotherDelivery => {
            "Keep headers and body of one delivery together; a buffer is shared between requests."
        }
        D::BodyTruncated => {
            "Raise the body limit, and refuse what is cut instead of handing it on."
        }
        D::BodyExtraBytes => {
            "Hand on as many bytes as arrived: a buffer is longer than its content, or a footer is added."
        }
        D::Unknown(_) => "See the documentation of the version that said so.",
    }
}
