//! The voice library of the workspace: the vendor's voices, and its own.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{invalid, missing, room};
use crate::refusal::Refusal;

/// Most bytes of a voice's settings and metadata together, as JSON.
const KEPT_BYTES: usize = 64 * 1024;

/// The library.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Voices(Vec<Voice>);

/// A voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Voice {
    /// Its id.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) name: String,
    /// Who speaks, in upper case.
    pub(crate) provider: String,
    /// The voice, as the provider names it.
    pub(crate) provider_voice_id: String,
    /// The provider's settings.
    pub(crate) config: Map<String, Value>,
    /// Language, gender and what else is known.
    pub(crate) metadata: Map<String, Value>,
    /// Whether the vendor made it; those are everybody's, and nobody changes them.
    pub(crate) of_vendor: bool,
}

/// What a voice must be to be listed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// The language of its metadata.
    pub(crate) language: Option<&'a str>,
    /// The gender of its metadata.
    pub(crate) gender: Option<&'a str>,
    /// Its provider.
    pub(crate) provider: Option<&'a str>,
    /// Whether the vendor made it.
    pub(crate) of_vendor: Option<bool>,
}

/// What changes of a voice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    /// What people call it.
    pub(crate) name: Option<String>,
    /// Who speaks.
    pub(crate) provider: Option<String>,
    /// The voice, as the provider names it.
    pub(crate) provider_voice_id: Option<String>,
    /// The provider's settings.
    pub(crate) config: Option<Map<String, Value>>,
    /// Language, gender and what else is known.
    pub(crate) metadata: Option<Map<String, Value>>,
}

impl Voices {
    /// The voices that were always there.
    pub(super) fn seeded() -> Self {
        let voice = |(id, name, provider, own_id, language, gender, of_vendor): Seed| Voice {
            id: id.to_owned(),
            name: name.to_owned(),
            provider: provider.to_owned(),
            provider_voice_id: own_id.to_owned(),
            config: Map::from_iter([("speed".to_owned(), json!(1.0))]),
            metadata: Map::from_iter([
                ("language".to_owned(), language.into()),
                ("gender".to_owned(), gender.into()),
            ]),
            of_vendor,
        };
        Self(SEEDED.into_iter().map(voice).collect())
    }

    /// The vendor's alone.
    pub(super) fn of_the_vendor() -> Self {
        let Self(mut voices) = Self::seeded();
        voices.retain(|voice| voice.of_vendor);
        Self(voices)
    }

    /// Those that are wanted, the oldest first.
    pub(crate) fn list<'a>(&'a self, wanted: Wanted<'a>) -> impl Iterator<Item = &'a Voice> {
        self.0.iter().filter(move |voice| wanted.fits(voice))
    }

    /// The voice with this id.
    pub(crate) fn find(&self, id: &str) -> Result<&Voice, Refusal> {
        self.0.iter().find(|voice| voice.id == id).ok_or_else(|| missing("Voice"))
    }

    /// Adds a voice.
    pub(crate) fn add(&mut self, voice: Voice) -> Result<&Voice, Refusal> {
        room(self.0.len())?;
        voice.check()?;
        self.0.push(voice);
        self.0.last().ok_or_else(|| missing("Voice"))
    }

    /// Changes a voice.
    pub(crate) fn change(&mut self, id: &str, change: Change) -> Result<&Voice, Refusal> {
        let found = self.0.iter_mut().find(|voice| voice.id == id);
        let voice = found.ok_or_else(|| missing("Voice"))?;
        if voice.of_vendor {
            let text = "This voice belongs to the platform.";
            return Err(Refusal::new(403, "ACCOUNT_INSUFFICIENT_PERMISSIONS", text));
        }
        let before = voice.clone();
        let changed = Voice {
            name: change.name.unwrap_or(before.name),
            provider: change.provider.unwrap_or(before.provider),
            provider_voice_id: change.provider_voice_id.unwrap_or(before.provider_voice_id),
            config: change.config.unwrap_or(before.config),
            metadata: change.metadata.unwrap_or(before.metadata),
            ..before
        };
        changed.check()?;
        *voice = changed;
        Ok(voice)
    }
}

impl Voice {
    /// The words of its sample.
    pub(crate) fn sample(&self) -> String {
        format!("Hello, this is {}. This is how I sound.", self.name)
    }

    fn check(&self) -> Result<(), Refusal> {
        let bytes = [&self.name, &self.provider, &self.provider_voice_id].map(String::len);
        let maps = [&self.config, &self.metadata].map(|map| json!(map).to_string().len());
        if bytes.into_iter().chain(maps).sum::<usize>() > KEPT_BYTES {
            return Err(invalid("The simulator keeps at most 64 KB for a voice."));
        }
        Ok(())
    }
}

impl Wanted<'_> {
    fn fits(&self, voice: &Voice) -> bool {
        let is = |wanted: Option<&str>, found: Option<&str>| {
            wanted
                .is_none_or(|wanted| found.is_some_and(|found| found.eq_ignore_ascii_case(wanted)))
        };
        let known = |name: &str| voice.metadata.get(name).and_then(Value::as_str);
        is(self.language, known("language"))
            && is(self.gender, known("gender"))
            && is(self.provider, Some(&voice.provider))
            && self.of_vendor.is_none_or(|wanted| wanted == voice.of_vendor)
    }
}

/// Id, name, provider, the provider's id, language, gender, and whether it is the vendor's.
type Seed =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, bool);

const SEEDED: [Seed; 8] = [
    ("VOICE-0A61C3E7", "Rowan", "GOOGLE", "en-GB-Neural2-A", "en-GB", "female", true),
    ("VOICE-1B72D4F8", "Ellis", "GOOGLE", "en-GB-Neural2-D", "en-GB", "male", true),
    ("VOICE-2C83E509", "Marisol", "GOOGLE", "es-ES-Neural2-A", "es-ES", "female", true),
    ("VOICE-3D94F61A", "Maud", "GOOGLE", "fr-FR-Neural2-A", "fr-FR", "female", true),
    ("VOICE-4EA5072B", "Tilda", "GOOGLE", "de-DE-Neural2-A", "de-DE", "female", true),
    ("VOICE-5FB6183C", "Wren", "CARTESIA", "moor-wind-2", "en-US", "neutral", true),
    ("VOICE-60C7294D", "Juno", "ELEVENLABS", "fh0JunoClearDay00001", "en-GB", "female", false),
    (
        "VOICE-71D83A5E",
        "Juno, winter",
        "ELEVENLABS",
        "fh0JunoWinter0000001",
        "en-GB",
        "female",
        false,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_are_found_by_what_is_known_about_them() {
        let voices = Voices::seeded();
        let count = |wanted: Wanted<'_>| voices.list(wanted).count();
        let all = Wanted::default();
        assert_eq!(count(all), SEEDED.len());
        assert_eq!(count(Wanted { language: Some("en-gb"), ..all }), 4);
        assert_eq!(count(Wanted { gender: Some("male"), ..all }), 1);
        assert_eq!(count(Wanted { provider: Some("ELEVENLABS"), ..all }), 2);
        assert_eq!(count(Wanted { of_vendor: Some(false), ..all }), 2);
        assert_eq!(count(Wanted { language: Some("fr-FR"), gender: Some("male"), ..all }), 0);
    }

    #[test]
    fn the_vendors_voices_stay_as_they_are() {
        let mut voices = Voices::seeded();
        let name = |name: &str| Change { name: Some(name.to_owned()), ..Change::default() };
        assert_eq!(voices.change("VOICE-0A61C3E7", name("Mine")).unwrap_err().status, 403);
        assert_eq!(voices.change("VOICE-60C7294D", name("Mine")).unwrap().name, "Mine");
        assert_eq!(voices.find("VOICE-60C7294D").unwrap().name, "Mine");
        assert_eq!(voices.change("VOICE-0", name("Mine")).unwrap_err().status, 404);
        let config = Map::from_iter([("x".to_owned(), "x".repeat(KEPT_BYTES).into())]);
        let large = Change { config: Some(config), ..Change::default() };
        assert_eq!(voices.change("VOICE-60C7294D", large).unwrap_err().status, 400);
    }
}
