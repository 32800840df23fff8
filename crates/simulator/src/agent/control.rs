//! What a message asks of the conversation itself: a person, an end, another language.

use super::language::{Heard, Language};

/// What a message asks of the conversation itself, beside any topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// A person is wanted.
    Human,
    /// The visitor says goodbye.
    Bye,
    /// Thanks.
    Thanks,
    /// A greeting.
    Hello,
    /// Agreement.
    Yes,
    /// Refusal.
    No,
    /// "Are you a robot?"
    Identity,
    /// Anger, which is handed to a person.
    Complaint,
}

type Words = [&'static [&'static str]; 4];

static CONTROLS: [(Control, Words); 8] = [
    (
        Control::Human,
        [
            &[
                "human",
                "a person",
                "real person",
                "to someone",
                "live agent",
                "an agent",
                "agent please",
                "advisor",
                "adviser",
                "representative",
                "person please",
                "customer service",
                "operator",
            ],
            &["una persona", "persona", "humano", "un agente", "agente", "asesor*", "con alguien"],
            &["une personne", "personne", "humain*", "un agent", "conseiller*", "quelqu un"],
            &["mensch*", "einer person", "person", "mitarbeiter*", "berater*", "mit jemand*"],
        ],
    ),
    (
        Control::Complaint,
        [
            &["complain*", "unacceptable", "ridiculous", "manager"],
            &["queja", "reclamacion", "inaceptable", "encargado"],
            &["reclamation", "inadmissible", "plainte", "responsable"],
            &["beschwer*", "unverschamt", "inakzeptabel", "vorgesetzte*"],
        ],
    ),
    (
        Control::Bye,
        [
            &[
                "bye",
                "goodbye",
                "that s all",
                "thats all",
                "that is all",
                "that s it",
                "that will be all",
                "nothing else",
                "see you",
            ],
            &["adios", "eso es todo", "nada mas", "hasta luego"],
            &["au revoir", "c est tout", "ce sera tout", "rien d autre"],
            &[
                "tschuss",
                "auf wiedersehen",
                "das war s",
                "das wars",
                "das ist alles",
                "das war alles",
            ],
        ],
    ),
    (
        Control::Identity,
        [
            &["robot", "bot", "are you real", "are you human", "your name", "who are you"],
            &["eres un robot", "robot", "bot", "quien eres", "como te llamas"],
            &["robot", "bot", "qui etes vous", "votre nom"],
            &["roboter", "bot", "wer bist du", "wer sind sie", "wie heissen sie"],
        ],
    ),
    (
        Control::Thanks,
        [
            &["thanks", "thank you", "cheers", "great", "perfect", "lovely"],
            &["gracias", "perfecto", "genial", "estupendo"],
            &["merci", "parfait", "super", "genial"],
            &["danke", "dankeschon", "perfekt", "super", "prima"],
        ],
    ),
    (
        Control::Hello,
        [
            &[
                "hello",
                "hi",
                "hey",
                "good morning",
                "good afternoon",
                "good evening",
                "help",
                "help me",
                "what can you do",
            ],
            &["hola", "buenos dias", "buenas tardes", "buenas", "ayuda", "que puede hacer"],
            &["bonjour", "salut", "bonsoir", "aide", "aidez moi", "que pouvez vous faire"],
            &[
                "hallo",
                "guten tag",
                "guten morgen",
                "guten abend",
                "hilfe",
                "was kannst du",
                "was konnen sie",
                "servus",
                "moin",
            ],
        ],
    ),
    (
        Control::Yes,
        [
            &["yes", "yeah", "yep", "sure", "please do", "ok", "okay"],
            &["si", "claro", "vale", "de acuerdo"],
            &["oui", "d accord", "bien sur", "volontiers"],
            &["ja", "gerne", "klar", "einverstanden"],
        ],
    ),
    (
        Control::No,
        [
            &["no", "nope", "no thanks", "not really"],
            &["no", "no gracias"],
            &["non", "non merci"],
            &["nein", "nein danke"],
        ],
    ),
];

/// The control phrase in what was `heard`, read in `language`.
pub fn control(language: Language, heard: &Heard) -> Option<Control> {
    CONTROLS
        .iter()
        .find(|(_, words)| in_language(language, words).iter().any(|word| heard.holds(word)))
        .map(|(control, _)| *control)
}

/// The language a folded request such as ` in french please ` asks for.
///
/// A language's name counts in a short message only: "the label is in German" inside a long story
/// is no request.
pub fn language_request(heard: &Heard) -> Option<Language> {
    static NAMES: Words = [
        &["english", "ingles", "anglais", "englisch*"],
        &["spanish", "espanol", "castellano", "espagnol", "spanisch*"],
        &["french", "frances", "francais", "franzosisch*", "franzoesisch*"],
        &["german", "aleman", "allemand", "deutsch*"],
    ];
    if heard.text().split_whitespace().count() > 8 {
        return None;
    }
    Language::ALL
        .into_iter()
        .find(|language| in_language(*language, &NAMES).iter().any(|name| heard.holds(name)))
}

/// How many everyday words of `language` what was `heard` holds: enough to recognise a language.
pub fn everyday_words(language: Language, heard: &Heard) -> usize {
    static WORDS: Words = [
        &[
            "the", "is", "my", "i", "you", "your", "what", "how", "where", "can", "to", "do", "it",
            "a",
        ],
        &[
            "el", "la", "mi", "es", "que", "como", "donde", "puedo", "quiero", "su", "una", "un",
            "de", "los", "esta", "cual", "hola", "por", "tienen", "con",
        ],
        &[
            "le", "la", "ma", "mon", "est", "je", "vous", "quel", "quelle", "comment", "ou",
            "puis", "une", "un", "de", "les", "votre", "vos", "bonjour", "avec",
        ],
        &[
            "der", "die", "das", "ist", "ich", "sie", "wie", "wo", "kann", "meine", "mein", "eine",
            "ein", "mit", "und", "ihre", "haben", "gibt", "hallo", "bitte",
        ],
    ];
    in_language(language, &WORDS).iter().filter(|word| heard.holds(word)).count()
}

fn in_language(language: Language, words: &Words) -> &'static [&'static str] {
    let [english, spanish, french, german] = words;
    match language {
        Language::English => english,
        Language::Spanish => spanish,
        Language::French => french,
        Language::German => german,
    }
}
