//! The agent's state machine: one message in, one reply out.

mod person;
mod telling;
mod understood;

pub use self::understood::Understood;

use serde::{Deserialize, Serialize};

use self::telling::chips;
use super::control::Control;
use super::knowledge::{self, Topic};
use super::language::{Language, Local};
use super::phrases;
use super::reply::{Handoff, Reply, ToolCall};
use crate::snapshot::statics;

/// A conversation with the agent, and what it remembers of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dialogue {
    language: Language,
    /// Turns the choice of wordings; raised by every reply.
    variety: u64,
    /// The topic that waits for an order number, and how often it was asked for.
    #[serde(deserialize_with = "statics::counted_topic")]
    waiting: Option<(&'static Topic, u8)>,
    order: Option<String>,
    misses: u8,
    refusals: u8,
    #[serde(deserialize_with = "statics::topic")]
    topic: Option<&'static Topic>,
    live_answers: usize,
}

impl Dialogue {
    /// A dialogue in `language`; `variety` chooses between equal wordings.
    pub const fn new(language: Language, variety: u64) -> Self {
        Self {
            language,
            variety,
            waiting: None,
            order: None,
            misses: 0,
            refusals: 0,
            topic: None,
            live_answers: 0,
        }
    }

    /// The language spoken now.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The order number given so far.
    pub fn order(&self) -> Option<&str> {
        self.order.as_deref()
    }

    /// The topic talked about last.
    pub const fn topic(&self) -> Option<&'static Topic> {
        self.topic
    }

    /// Whether the agent has asked for an order number.
    pub const fn waits_for_order(&self) -> bool {
        self.waiting.is_some()
    }

    /// First words in a chat.
    pub fn greeting(&self) -> Reply {
        Reply::say(&phrases::GREETING).offering(chips(&["order_status", "returns", "jackets"]))
    }

    /// First words on the telephone.
    pub fn voice_greeting(&self) -> Reply {
        Reply::say(&phrases::GREETING_VOICE)
    }

    /// What is said when nothing was heard.
    pub fn silence(&mut self) -> Reply {
        let wording = self.pick(&phrases::STILL_THERE);
        Reply::say(wording)
    }

    /// Answers one message of the visitor.
    pub fn answer(&mut self, message: &str) -> Reply {
        self.answer_understood(&Understood::of(message, self.language))
    }

    /// Answers a message by what was understood of it, which must be of this dialogue's language.
    pub fn answer_understood(&mut self, understood: &Understood) -> Reply {
        if understood.blank {
            return self.silence();
        }
        if let Some(asked) = understood.asked {
            let changed = (asked != self.language).then_some(asked);
            self.language = asked;
            let mut reply = Reply::say(&phrases::LANGUAGE_SWITCHED).offering(chips(&[
                "order_status",
                "returns",
                "opening_hours",
            ]));
            reply.language = changed;
            return reply;
        }
        self.language = understood.spoken.unwrap_or(self.language);
        let mut reply = self.respond(understood);
        reply.language = understood.spoken;
        reply
    }

    fn respond(&mut self, Understood { topic, control, order, .. }: &Understood) -> Reply {
        match *control {
            Some(Control::Human) => return hand_over(&phrases::HANDOFF, "customer_request"),
            Some(Control::Complaint) => {
                return hand_over(&phrases::HANDOFF_COMPLAINT, "complaint");
            }
            Some(Control::Bye) => {
                let mut reply = Reply::say(self.pick(&phrases::GOODBYE));
                reply.ends = true;
                return reply;
            }
            Some(control) if topic.is_none() && order.is_none() => {
                return self.small_talk(control);
            }
            _ => {}
        }
        if order.is_some() {
            self.order.clone_from(order);
            let waiting = self.waiting.take().map(|(topic, _)| topic);
            let topic = waiting.or(*topic);
            if let Some(topic) = topic.or_else(|| knowledge::topic("order_status")) {
                return self.tell(topic);
            }
        }
        match (*topic, self.waiting) {
            (Some(topic), _) => self.tell(topic),
            (None, Some((topic, 1))) => {
                self.waiting = Some((topic, 2));
                Reply::say(&phrases::ASK_ORDER_AGAIN).offering([&phrases::CHIP_HUMAN])
            }
            (None, _) => self.miss(),
        }
    }
}

fn hand_over(wording: &'static Local, reason: &'static str) -> Reply {
    let mut reply = Reply::say(wording);
    reply.handoff = Some(Handoff { destination: "customer-care-desk", reason });
    reply.tools.push(ToolCall { name: "start_handoff", argument: ("reason", reason.into()) });
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Dialogue {
        Dialogue::new(Language::English, 1)
    }

    fn topic_of(reply: &Reply) -> Option<&'static str> {
        reply.topic.map(|topic| topic.id)
    }

    #[test]
    fn the_story_phrases_work_in_every_language() {
        let returns = ["returns", "devoluciones", "retours", "Rückgabe"];
        let jacket = ["recommend a jacket", "una chaqueta", "une veste", "eine Jacke"];
        let order = [
            "where is my order",
            "¿dónde está mi pedido?",
            "où est ma commande ?",
            "wo ist meine Bestellung",
        ];
        let human = [
            "talk to a person",
            "hablar con una persona",
            "parler à une personne",
            "mit einem Menschen sprechen",
        ];
        let bye = ["that's all", "eso es todo", "c'est tout", "das war's"];
        for (at, language) in Language::ALL.into_iter().enumerate() {
            let mut dialogue = Dialogue::new(language, 1);
            let reply = dialogue.answer(returns[at]);
            assert_eq!(topic_of(&reply), Some("returns"), "{language:?}");
            assert!(reply.suggestions.len() >= 2);
            let reply = dialogue.answer(jacket[at]);
            assert_eq!(topic_of(&reply), Some("jackets"), "{language:?}");
            assert!(!reply.cards.is_empty());
            let reply = dialogue.answer(order[at]);
            assert!(dialogue.waits_for_order(), "{language:?}: {}", reply.text(language));
            let reply = dialogue.answer("FH-10423");
            assert!(reply.text(language).contains("FH-10423"), "{language:?}");
            assert_eq!(reply.tools[0].name, "lookup_order");
            assert!(dialogue.clone().answer(human[at]).handoff.is_some(), "{language:?}");
            assert!(dialogue.answer(bye[at]).ends, "{language:?}");
            assert_eq!(dialogue.language(), language, "the story stays in its language");
        }
    }

    #[test]
    fn a_language_is_switched_on_request_and_when_plainly_spoken() {
        let mut dialogue = english();
        assert_eq!(dialogue.answer("¿Habla español?").language, Some(Language::Spanish));
        assert_eq!(dialogue.answer("in French please").language, Some(Language::French));
        assert_eq!(dialogue.answer("auf Deutsch bitte").language, Some(Language::German));
        assert_eq!(dialogue.answer("English please").language, Some(Language::English));
        let reply = dialogue.answer("Wo ist meine Bestellung?");
        assert_eq!(reply.language, Some(Language::German));
        assert!(dialogue.waits_for_order());
    }

    #[test]
    fn english_stays_english() {
        for message in ["I want my money back", "no", "La Sportiva boots", "super, thanks", "12345"]
        {
            assert_eq!(english().answer(message).language, None, "{message}");
        }
    }

    #[test]
    fn the_order_number_is_remembered() {
        let mut dialogue = english();
        dialogue.answer("where is my order");
        let first = dialogue.answer("it's 10 423").text(Language::English);
        assert!(first.contains("FH-10423"), "{first}");
        assert!(dialogue.answer("please cancel it").text(Language::English).contains("FH-10423"));
        assert!(dialogue.answer("my order?").text(Language::English).starts_with(&first[..10]));
    }

    #[test]
    fn unknown_things_are_said_to_be_unknown_with_a_way_out() {
        let mut dialogue = english();
        for _ in 0..4 {
            let reply = dialogue.answer("qwertz asdf");
            assert!(reply.misunderstood && reply.suggestions.contains(&&phrases::CHIP_HUMAN));
        }
        assert!(dialogue.answer("yes").handoff.is_some(), "the offered colleague comes");
    }

    #[test]
    fn the_live_colleague_answers_and_leaves_when_thanked_and_dismissed() {
        let mut dialogue = english();
        assert!(!dialogue.live_answer("my tent pole snapped").1);
        assert!(!dialogue.live_answer("thanks").1);
        assert!(dialogue.live_answer("no, that's all").1);
    }

    #[test]
    fn everyday_messages_are_understood() {
        for (message, topic) in [
            ("do you have tents?", Some("tent_hire")),
            ("how much is the Skylark", Some("jackets")),
            ("I need help with my order", Some("order_status")),
            ("hi, can I get my money back?", Some("returns")),
            ("hello", None),
            ("what can you do", None),
            ("are you a robot?", None),
        ] {
            let reply = english().answer(message);
            assert!(!reply.misunderstood && reply.handoff.is_none(), "{message}");
            assert_eq!(topic_of(&reply), topic, "{message}");
        }
        for message in ["customer service", "can I speak to someone", "a real person please"] {
            assert!(english().answer(message).handoff.is_some(), "{message}");
        }
    }

    #[test]
    fn odd_input_is_harmless() {
        let mut dialogue = english();
        for message in ["", "   ", "\u{0}\u{202e}", "{order} {day}", "🙂", &"9".repeat(5000)] {
            assert!(!dialogue.answer(message).lines.is_empty());
        }
    }
}
