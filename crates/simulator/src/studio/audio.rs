//! The audio cache of an agent: what it said before, spoken or recorded.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use perch_api::families::agents::audio_cache::MAX_FILE;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

use super::{invalid, missing};
use crate::recording;
use crate::refusal::Refusal;
use crate::wav;

/// Most bytes of uploaded files that one agent's cache keeps.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The cache.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct AudioCache(BTreeMap<u64, Utterance>);

/// One utterance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Utterance {
    /// What is said.
    pub(crate) transcript: String,
    /// When it was spoken first, Unix milliseconds.
    pub(crate) cached_ms: i64,
    /// How often it was taken from the cache.
    pub(crate) hits: u32,
    /// Who speaks, in lower case.
    pub(crate) provider: String,
    /// The voice, as the provider names it.
    pub(crate) voice: String,
    /// The language's BCP 47 code.
    pub(crate) language: String,
    /// Whether words or tuning were changed since.
    pub(crate) regenerated: bool,
    /// Speed as it was tuned; 1 is natural.
    pub(crate) speed: f64,
    /// The file that stands for the voice.
    pub(crate) upload: Option<Upload>,
}

/// A file that was uploaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Upload {
    /// What it is called.
    pub(crate) name: String,
    /// The file; in snapshots as base64.
    #[serde(serialize_with = "write_file", deserialize_with = "read_file")]
    pub(crate) file: Arc<[u8]>,
    /// How long it plays, in seconds.
    pub(crate) seconds: f64,
    /// Whether it replaced the recording alone, not words and tuning along with it.
    pub(crate) imported: bool,
}

/// In which order the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    field: &'static str,
    descending: bool,
}

/// The fields of the list, as `sort` names them.
const FIELDS: [&str; 11] = [
    "id",
    "transcript",
    "cached_at",
    "hit_count",
    "duration",
    "regenerated",
    "provider",
    "provider_voice_id",
    "audio_filename",
    "imported",
    "language_code",
];

impl AudioCache {
    /// A cache that holds these already.
    pub(super) fn of(utterances: impl Iterator<Item = (u64, Utterance)>) -> Self {
        Self(utterances.collect())
    }

    /// Everything in it, in this order; equals stand by their ids.
    pub(crate) fn sorted(&self, sort: Sort) -> Vec<(u64, &Utterance)> {
        let mut all: Vec<_> = self.0.iter().map(|(id, utterance)| (*id, utterance)).collect();
        all.sort_by(|one, other| {
            let order = compare(sort.field, *one, *other);
            if sort.descending { order.reverse() } else { order }
        });
        all
    }

    /// The utterance with this id.
    pub(crate) fn find(&self, id: &str) -> Result<&Utterance, Refusal> {
        self.0.get(&number(id)?).ok_or_else(gone)
    }

    /// Replaces the recording of an utterance, and its words and speed where they are given.
    pub(crate) fn replace(
        &mut self,
        id: &str,
        upload: Upload,
        text: Option<String>,
        speed: Option<f64>,
    ) -> Result<(), Refusal> {
        let id = number(id)?;
        let others = self.0.iter().filter(|(other, _)| **other != id);
        let kept: usize =
            others.map(|(_, one)| one.upload.as_ref().map_or(0, |u| u.file.len())).sum();
        let utterance = self.0.get_mut(&id).ok_or_else(gone)?;
        if kept + upload.file.len() > KEPT_BYTES {
            let text = "The simulator keeps at most 64 MB of uploaded files for an agent.";
            return Err(Refusal::new(400, "", text));
        }
        utterance.regenerated |= !upload.imported;
        utterance.upload = Some(upload);
        utterance.transcript = text.unwrap_or_else(|| std::mem::take(&mut utterance.transcript));
        utterance.speed = speed.unwrap_or(utterance.speed);
        Ok(())
    }

    /// Forgets an utterance.
    pub(crate) fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        self.0.remove(&number(id)?).map(drop).ok_or_else(gone)
    }
}

impl Utterance {
    /// How long it lasts, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        let spoken = || recording::seconds(&self.transcript, self.speed);
        self.upload.as_ref().map_or_else(spoken, |upload| upload.seconds)
    }

    /// Its file: the uploaded one, or the words as the voice speaks them.
    pub(crate) fn file(&self) -> Vec<u8> {
        let spoken = || recording::words(&self.transcript, &self.voice, self.speed);
        self.upload.as_ref().map_or_else(spoken, |upload| upload.file.to_vec())
    }
}

impl Upload {
    /// A file that is to be stored; it must be sound, and no larger than the platform takes.
    pub(crate) fn new(name: String, file: &[u8], imported: bool) -> Result<Self, Refusal> {
        if file.is_empty() {
            return Err(invalid("The file is empty."));
        }
        if file.len() > MAX_FILE {
            return Err(too_large());
        }
        let seconds = wav::seconds(file).ok_or_else(|| invalid("The file is no WAV file."))?;
        Ok(Self { name, file: file.into(), seconds, imported })
    }
}

impl Sort {
    /// The newest first, where nobody asks for another order.
    pub(crate) const NEWEST: Self = Self { field: "cached_at", descending: true };

    /// Reads `field:asc` or `field:desc`.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let (field, direction) = text.split_once(':').unwrap_or_default();
        let field = FIELDS.into_iter().find(|known| *known == field);
        let descending = match direction {
            "asc" => Some(false),
            "desc" => Some(true),
            _ => None,
        };
        let sort = field.zip(descending).map(|(field, descending)| Self { field, descending });
        sort.ok_or_else(|| invalid("sort must be a field and asc or desc, such as hit_count:desc."))
    }
}

/// A file beyond what the platform takes.
pub(crate) fn too_large() -> Refusal {
    invalid("The file must be at most 6 MB.")
}

/// Ids are whole numbers, written as text.
fn number(id: &str) -> Result<u64, Refusal> {
    // A negative number is a lawful id that nothing has.
    let whole: i64 = id.parse().map_err(|_| invalid("Invalid ID"))?;
    u64::try_from(whole).map_err(|_| gone())
}

fn gone() -> Refusal {
    missing("Audio cache entry")
}

fn write_file<S: Serializer>(file: &Arc<[u8]>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&STANDARD.encode(file))
}

fn read_file<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<[u8]>, D::Error> {
    let text = String::deserialize(from)?;
    STANDARD.decode(text).map(Into::into).map_err(D::Error::custom)
}

fn compare(field: &str, one: (u64, &Utterance), other: (u64, &Utterance)) -> Ordering {
    let ((id, one), (other_id, other)) = (one, other);
    let name = |of: &Utterance| of.upload.as_ref().map(|upload| upload.name.clone());
    let imported = |of: &Utterance| of.upload.as_ref().is_some_and(|upload| upload.imported);
    let order = match field {
        "transcript" => one.transcript.cmp(&other.transcript),
        "cached_at" => one.cached_ms.cmp(&other.cached_ms),
        "hit_count" => one.hits.cmp(&other.hits),
        "duration" => one.seconds().total_cmp(&other.seconds()),
        "regenerated" => one.regenerated.cmp(&other.regenerated),
        "provider" => one.provider.cmp(&other.provider),
        "provider_voice_id" => one.voice.cmp(&other.voice),
        "audio_filename" => name(one).cmp(&name(other)),
        "imported" => imported(one).cmp(&imported(other)),
        "language_code" => one.language.cmp(&other.language),
        _ => Ordering::Equal,
    };
    order.then(id.cmp(&other_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utterance(transcript: &str, hits: u32) -> Utterance {
        Utterance {
            transcript: transcript.to_owned(),
            cached_ms: 1_000 - i64::from(hits),
            hits,
            provider: "google".to_owned(),
            voice: "en-GB-Neural2-A".to_owned(),
            language: "en-GB".to_owned(),
            regenerated: false,
            speed: 1.0,
            upload: None,
        }
    }

    fn cache() -> AudioCache {
        AudioCache::of((1..).zip([
            utterance("One.", 7),
            utterance("Second.", 9),
            utterance("3", 8),
        ]))
    }

    fn upload(bytes: usize) -> Upload {
        Upload::new("a.wav".to_owned(), &wav::file(&vec![0; bytes / 2]), true).unwrap()
    }

    #[test]
    fn the_list_is_in_the_order_that_was_asked_for() {
        let cache = cache();
        let ids = |sort: &str| {
            let sort = Sort::parse(sort).unwrap();
            cache.sorted(sort).iter().map(|(id, _)| *id).collect::<Vec<_>>()
        };
        assert_eq!(ids("hit_count:desc"), [2, 3, 1]);
        assert_eq!(ids("duration:asc"), [3, 1, 2]);
        assert_eq!(ids("transcript:asc"), [3, 1, 2]);
        assert_eq!(ids("provider:desc"), [3, 2, 1], "equals stand by their ids");
        let newest: Vec<_> = cache.sorted(Sort::NEWEST).iter().map(|(id, _)| *id).collect();
        assert_eq!(newest, ids("cached_at:desc"));
        for field in FIELDS {
            assert_eq!(ids(&format!("{field}:asc")).len(), 3);
        }
        for odd in ["", "hit_count", "hitCount:asc", "hit_count:up", "hit_count:asc:desc", ":asc"] {
            assert_eq!(Sort::parse(odd).unwrap_err().status, 400, "{odd}");
        }
    }

    #[test]
    fn a_recording_replaces_the_voice() {
        let mut cache = cache();
        assert!((cache.find("2").unwrap().seconds() - 0.42).abs() < 1e-9);
        cache.replace("2", upload(16_000), None, None).unwrap();
        let replaced = cache.find("2").unwrap();
        assert!((replaced.seconds() - 1.0).abs() < 1e-9);
        assert_eq!((replaced.file().len(), replaced.regenerated), (16_044, false));
        assert_eq!(replaced.transcript, "Second.");
        let spoken = Upload { imported: false, ..upload(8_000) };
        cache.replace("2", spoken, Some("Two.".to_owned()), Some(2.0)).unwrap();
        let replaced = cache.find("2").unwrap();
        assert!(replaced.regenerated && replaced.transcript == "Two.");
        cache.remove("2").unwrap();
        assert_eq!(cache.remove("2").unwrap_err().status, 404);
        assert_eq!(cache.find("-1").unwrap_err().status, 404);
        assert_eq!(cache.find("1a").unwrap_err().message, "Invalid ID");
    }

    #[test]
    fn what_is_uploaded_is_bounded() {
        let mut cache = AudioCache::of((1..=11).zip((0..11).map(|_| utterance("x", 0))));
        let large = upload(MAX_FILE - 44);
        for id in 1..=10 {
            cache.replace(&id.to_string(), large.clone(), None, None).unwrap();
        }
        assert_eq!(cache.replace("11", large.clone(), None, None).unwrap_err().status, 400);
        cache.replace("10", large, None, None).unwrap();
        let name = String::new;
        assert!(
            Upload::new(name(), &vec![0; MAX_FILE + 1], true).unwrap_err().message.contains("6 MB")
        );
        assert!(
            Upload::new(name(), b"", true).is_err() && Upload::new(name(), b"ID3", true).is_err()
        );
    }
}
