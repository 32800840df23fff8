//! The diagnoses, by stable code.

crate::open_enum! {
    /// What is wrong with a delivery. [`as_str`](Diagnosis::as_str) is a stable code.
    Diagnosis {
        /// Nothing: it verifies.
        Valid = "valid",
        /// No hypothesis fits.
        Unexplained = "unknown",
        /// The receiver knows no secret at all.
        NoSecret = "no_secret",
        /// There is no signature header.
        SignatureMissing = "signature_missing",
        /// A signature of another scheme, with that scheme's headers.
        OtherScheme = "other_scheme",
        /// The right signature, under another header's name.
        HeaderRenamed = "header_renamed",
        /// A header is there more than once.
        DuplicateHeader = "duplicate_header",
        /// The signature header is no spelling of any signature.
        SignatureMalformed = "signature_malformed",
        /// The right signature, cut short.
        SignatureTruncated = "signature_truncated",
        /// Base64 instead of hex.
        SignatureBase64 = "signature_base64",
        /// URL-safe base64 instead of hex.
        SignatureBase64Url = "signature_base64url",
        /// Upper-case hex digits.
        SignatureUpperCase = "signature_upper_case",
        /// A prefix such as `sha256=` or `v1,`.
        SignaturePrefixed = "signature_prefixed",
        /// White space around or within it.
        SignatureWhitespace = "signature_whitespace",
        /// Quotes around it.
        SignatureQuoted = "signature_quoted",
        /// Several signatures, one of which is right.
        SignatureList = "signature_list",
        /// There is no timestamp header.
        TimestampMissing = "timestamp_missing",
        /// Right, but signed too long ago.
        TimestampPast = "timestamp_past",
        /// Right, but signed ahead of now.
        TimestampFuture = "timestamp_future",
        /// Right, but a retry that still carries the first attempt's timestamp.
        RetryNotRestamped = "retry_not_restamped",
        /// Milli- or microseconds instead of seconds.
        TimestampMilliseconds = "timestamp_milliseconds",
        /// An ISO 8601 date instead of seconds.
        TimestampIso = "timestamp_iso",
        /// Seconds with a fraction.
        TimestampFloat = "timestamp_float",
        /// Quotes around the timestamp.
        TimestampQuoted = "timestamp_quoted",
        /// Another spelling that is not ten digits.
        TimestampMalformed = "timestamp_malformed",
        /// Signed with another time than the header says.
        TimestampAltered = "timestamp_altered",
        /// Signed with a known secret that is another endpoint's.
        WrongSecret = "wrong_secret",
        /// Signed with a secret that was retired.
        RetiredSecret = "retired_secret",
        /// The key was the secret decoded as hex.
        SecretHexDecoded = "secret_hex_decoded",
        /// The key was the secret decoded as base64.
        SecretBase64Decoded = "secret_base64_decoded",
        /// The key was the secret encoded once more.
        SecretEncoded = "secret_encoded",
        /// One side has a line break after the secret.
        SecretTrailingNewline = "secret_trailing_newline",
        /// One side has white space around the secret.
        SecretPadded = "secret_padded",
        /// One side has quotes around the secret.
        SecretQuoted = "secret_quoted",
        /// The key was the secret without its `whsec_`.
        SecretPrefixStripped = "secret_prefix_stripped",
        /// The key was the secret with a `whsec_` before it.
        SecretPrefixAdded = "secret_prefix_added",
        /// The key was the secret in other letter case.
        SecretCase = "secret_case",
        /// The key was empty, or the word for nothing.
        SecretEmpty = "secret_empty",
        /// The timestamp was not signed.
        TimestampNotSigned = "timestamp_not_signed",
        /// Another separator between timestamp and body.
        SeparatorDifferent = "separator_different",
        /// The body before the timestamp.
        OrderSwapped = "order_swapped",
        /// The event id was signed too.
        EventIdSigned = "event_id_signed",
        /// A version or name was signed before the timestamp.
        LayoutTagged = "layout_tagged",
        /// A hash of the body was signed in its place.
        BodyHashSigned = "body_hash_signed",
        /// Only the timestamp was signed.
        BodyNotSigned = "body_not_signed",
        /// HMAC with SHA-1.
        AlgorithmSha1 = "algorithm_sha1",
        /// HMAC with SHA-512.
        AlgorithmSha512 = "algorithm_sha512",
        /// A plain hash instead of HMAC.
        AlgorithmPlainHash = "algorithm_plain_hash",
        /// Other white space between JSON tokens.
        BodyWhitespace = "body_whitespace",
        /// Another order of JSON keys.
        BodyKeyOrder = "body_key_order",
        /// Other escapes in JSON strings.
        BodyEscapes = "body_escapes",
        /// Other spellings of JSON numbers.
        BodyNumbers = "body_numbers",
        /// Parsed and written again by a known kind of serialiser, in several ways different.
        BodyReserialised = "body_reserialised",
        /// A line break at the end was lost.
        BodyNewlineRemoved = "body_newline_removed",
        /// A line break at the end came in addition.
        BodyNewlineAdded = "body_newline_added",
        /// White space or NUL around the body came in addition.
        BodyPadded = "body_padded",
        /// LF and CRLF were exchanged.
        BodyLineEndings = "body_line_endings",
        /// A byte order mark was added or lost.
        BodyBom = "body_bom",
        /// Decoded and encoded with different character sets.
        BodyCharset = "body_charset",
        /// Bytes that are no UTF-8 were replaced by U+FFFD.
        BodyReplacementCharacters = "body_replacement_characters",
        /// Percent escapes came in addition.
        BodyUrlEncoded = "body_url_encoded",
        /// Percent escapes were undone.
        BodyUrlDecoded = "body_url_decoded",
        /// HTML entities came in addition.
        BodyHtmlEscaped = "body_html_escaped",
        /// Wrapped into a form field.
        BodyFormWrapped = "body_form_wrapped",
        /// Wrapped into a JSON string.
        BodyJsonString = "body_json_string",
        /// Wrapped into another JSON object, as function runtimes do.
        BodyEnveloped = "body_enveloped",
        /// Encoded as base64, as function runtimes do.
        BodyBase64 = "body_base64",
        /// Compressed on the way.
        BodyCompressed = "body_compressed",
        /// Decompressed on the way.
        BodyDecompressed = "body_decompressed",
        /// The framing of chunked transfer is still in it.
        BodyChunked = "body_chunked",
        /// An empty body was signed.
        BodyEmptySigned = "body_empty_signed",
        /// A program's word for an object was signed or received, not the object.
        BodyNotBytes = "body_not_bytes",
        /// The signed body belongs to another delivery.
        BodyOfAnotherDelivery = "body_of_another_delivery",
        /// The signature belongs to another delivery.
        SignatureOfAnotherDelivery = "signature_of_another_delivery",
        /// Less than the whole body arrived.
        BodyTruncated = "body_truncated",
        /// The signed body, and then more.
        BodyExtraBytes = "body_extra_bytes",
    }
}
