//! A scripted caller talks to the real agent, and the clock of the story moves along.

mod closing;
mod timing;

use super::ear::Ear;
use super::utterances::{
    BYE, COMPLAINT, HUMAN, NO_NUMBER, NUMBER, OPENERS, OUT_OF_DOMAIN, SWITCH, SWITCH_ENGLISH,
    THANKS,
};
use super::{casting, mix};
use crate::agent::language::Local;
use crate::agent::{Dialogue, Language, Reply, knowledge};
use crate::conversation::{Channel, Conversation, FunctionCall, Turn};
use crate::outcome::Ending;

/// Started within this time of the present: still running, whatever was said.
const FRESH_MS: i64 = 15 * 60_000;

/// A conversation that started at `started_ms`, its turns numbered from `first_turn_id`.
///
/// With a present moment, what started just before it is still running then; without one, everything
/// comes to its own end.
pub(super) fn conversation(
    dice: &mut fastrand::Rng,
    first_turn_id: u64,
    started_ms: i64,
    anchor_ms: Option<i64>,
    ear: &Ear,
) -> Conversation {
    let channel = casting::channel(dice);
    let native = casting::language(dice);
    let switches = native != Language::English && dice.u32(0..100) < 18;
    let first = if switches { Language::English } else { native };
    let (from_number, to_number) = casting::numbers(dice, channel, native);
    let variety = dice.u64(..);
    let (id, environment) = (casting::id(dice, channel), casting::environment(dice));
    let mut story = Story {
        native,
        dialogue: Dialogue::new(first, variety),
        at_ms: started_ms,
        conversation: Conversation {
            variant: casting::variant(dice),
            from_number,
            to_number,
            deployment: casting::deployment(started_ms, anchor_ms.unwrap_or(started_ms)).into(),
            ..Conversation::begun(id, channel, environment, first, started_ms)
        },
        first_turn_id,
        dice,
        ear,
    };
    let mut ending = story.tell(switches);
    if let Some(anchor_ms) = anchor_ms.filter(|anchor| anchor - started_ms < FRESH_MS) {
        ending = story.still_running(anchor_ms);
    }
    story.finish(ending)
}

/// What somebody says whom the agent called: the record is there but for the words.
pub(crate) fn called(dice: &mut fastrand::Rng, begun: Conversation) -> Conversation {
    let native = begun.language;
    let mut story = Story {
        native,
        dialogue: Dialogue::new(native, dice.u64(..)),
        at_ms: begun.started_ms,
        first_turn_id: 960_000_000 + dice.u64(0..16_000) * 64,
        conversation: begun,
        dice,
        ear: &Ear::default(),
    };
    let ending = story.tell(false);
    story.finish(ending)
}

struct Story<'a> {
    dice: &'a mut fastrand::Rng,
    ear: &'a Ear,
    native: Language,
    dialogue: Dialogue,
    /// The moment the last words were over.
    at_ms: i64,
    conversation: Conversation,
    first_turn_id: u64,
}

impl Story<'_> {
    fn tell(&mut self, switches: bool) -> Ending {
        let voice = self.conversation.channel == Channel::Voice;
        let greeting =
            if voice { self.dialogue.voice_greeting() } else { self.dialogue.greeting() };
        self.turn(Turn::default(), &greeting);
        if switches {
            let english = self.native.of(&SWITCH_ENGLISH).to_owned();
            self.say_as(self.native.of(&SWITCH).to_owned(), Some(english));
        }
        // A caller without patience wants a person at once.
        let goals = if self.chance(5) {
            0
        } else {
            1 + usize::from(self.chance(38)) + usize::from(self.chance(12))
        };
        for goal in 0..goals {
            if voice && self.chance(7) {
                self.silence();
            }
            if self.chance(9) {
                self.say(self.native, &OUT_OF_DOMAIN, "");
            }
            self.ask(goal);
            while self.dialogue.waits_for_order() {
                self.give_number();
            }
            if self.chance(3) {
                self.say(self.native, &COMPLAINT, "");
                return Ending::HandedOver;
            }
            if voice && self.chance(2) {
                self.silence();
                self.silence();
                return Ending::Abandoned;
            }
        }
        if goals == 0 || self.chance(9) {
            self.say(self.native, &HUMAN, "");
            return Ending::HandedOver;
        }
        if self.chance(24) {
            self.say(self.native, &THANKS, "");
        }
        if self.chance(76) {
            self.say(self.native, &BYE, "");
            Ending::Natural
        } else {
            Ending::Abandoned
        }
    }

    fn ask(&mut self, goal: usize) {
        let total: u32 = knowledge::topics().map(|topic| topic.weight).sum();
        let mut rest = self.dice.u32(0..total);
        let mut asks = knowledge::topics().filter_map(|topic| {
            let hit = rest < topic.weight;
            rest = rest.wrapping_sub(topic.weight);
            hit.then_some(topic.asks)
        });
        let Some(asks) = asks.next() else { return };
        let opener = match goal {
            0 if self.chance(55) => OPENERS.get(self.dice.usize(0..5)),
            0 => None,
            _ => OPENERS.get(self.dice.usize(2..OPENERS.len())),
        };
        let wording = self.dice.choice(asks).unwrap_or(&SWITCH);
        let join = |language: Language| match opener {
            Some(opener) => join(language.of(opener), language.of(wording)),
            None => language.of(wording).to_owned(),
        };
        let english = join(Language::English);
        let mut text = join(self.native);
        if self.conversation.channel != Channel::Voice && self.chance(30) {
            // Many people type without capitals and full stops.
            text = text.to_lowercase();
            text.truncate(text.trim_end_matches(['.', '?', ' ']).len());
        }
        self.say_as(text, Some(english));
    }

    fn give_number(&mut self) {
        if self.conversation.turns.last().is_some_and(|turn| !turn.user.is_empty())
            && self.chance(12)
        {
            self.say(self.native, &NO_NUMBER, "");
            return;
        }
        let number = self.dice.u32(10_000..99_999).to_string();
        if self.conversation.channel == Channel::Voice && self.chance(45) {
            let reply = self.hear(&number);
            let dtmf = number;
            self.turn(Turn { dtmf, ..Turn::default() }, &reply);
        } else {
            self.say(self.native, &NUMBER, &number);
        }
    }

    fn silence(&mut self) {
        let reply = self.dialogue.silence();
        self.turn(Turn { silence: true, ..Turn::default() }, &reply);
    }

    fn say(&mut self, language: Language, wordings: &'static [Local], number: &str) {
        let Some(wording) = self.dice.choice(wordings) else { return };
        let text = language.of(wording).replace("{n}", number);
        let english = Language::English.of(wording).replace("{n}", number);
        self.say_as(text, Some(english));
    }

    fn say_as(&mut self, user: String, english: Option<String>) {
        let reply = self.hear(&user);
        let user_english = english.filter(|_| self.native != Language::English);
        self.turn(Turn { user, user_english, ..Turn::default() }, &reply);
    }

    fn hear(&mut self, message: &str) -> Reply {
        let understood = self.ear.hear(message, self.dialogue.language());
        self.dialogue.answer_understood(&understood)
    }

    /// Puts a turn into the record, with its times.
    fn turn(&mut self, mut turn: Turn, reply: &Reply) {
        let language = self.dialogue.language();
        let voice = self.conversation.channel == Channel::Voice;
        turn.id = self.first_turn_id + self.conversation.turns.len() as u64;
        turn.barge_in = voice && !turn.user.is_empty() && self.chance(7);
        turn.user_ms = self.at_ms + self.visitor_takes_ms(&turn);
        turn.latency_ms = self.latency_ms(reply);
        turn.agent_ms = turn.user_ms + i64::from(turn.latency_ms);
        turn.agent = reply.text(language);
        turn.agent_english = (language != Language::English).then(|| reply.text(Language::English));
        turn.language = Some(language);
        turn.out_of_domain = reply.misunderstood;
        turn.topic = reply.topic.map(|topic| topic.id);
        let mut started_ms = turn.user_ms + 60;
        for tool in &reply.tools {
            let duration_ms =
                u32::min(turn.latency_ms.saturating_sub(200), self.dice.u32(90..1_400));
            turn.functions.push(FunctionCall {
                name: tool.name,
                argument: tool.argument.clone(),
                started_ms,
                duration_ms,
                handoff: reply.handoff,
                error: failure(turn.id, turn.functions.len()),
            });
            started_ms += i64::from(duration_ms);
        }
        // Speaking takes time, reading is the visitor's own affair.
        let speech_ms = if voice { length(&turn.agent) * 55 } else { 0 };
        self.at_ms = turn.agent_ms + if turn.barge_in { speech_ms / 3 } else { speech_ms };
        self.conversation.handoff = self.conversation.handoff.or(reply.handoff);
        self.conversation.turns.push(turn);
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.dice.u32(0..100) < percent
    }

    /// The visitor has not answered yet: nobody has ended anything.
    fn still_running(&mut self, anchor_ms: i64) -> Ending {
        if self.conversation.channel == Channel::Voice {
            self.conversation.channel = Channel::Webchat;
            self.conversation.from_number.clear();
            self.conversation.to_number.clear();
        }
        self.conversation.handoff = None;
        for call in self.conversation.turns.iter_mut().flat_map(|turn| &mut turn.functions) {
            call.handoff = None;
        }
        self.at_ms = self.at_ms.max(anchor_ms) + self.dice.i64(240_000..720_000);
        Ending::Abandoned
    }
}

/// Why call `at` of a turn failed at first, as one in fifty does; not by the dice, which tell the story.
fn failure(turn_id: u64, at: usize) -> Option<&'static str> {
    mix(turn_id, at as u64 + 1)
        .is_multiple_of(50)
        .then_some("TimeoutError: no answer within 5 s, tried again")
}

/// A request behind its opener: in small letters unless the opener is a sentence of its own.
fn join(opener: &str, wording: &str) -> String {
    if opener.trim_end().ends_with('.') || wording.starts_with("I ") || wording.starts_with("I'") {
        return format!("{opener}{wording}");
    }
    let first = wording.find(char::is_alphabetic).unwrap_or(0);
    let (mark, rest) = wording.split_at_checked(first).unwrap_or(("", wording));
    let mut letters = rest.chars();
    let small: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    format!("{opener}{mark}{small}{}", letters.as_str())
}

/// Characters of a text.
fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_continue_their_opener() {
        assert_eq!(join("Um, ", "It's too small"), "Um, it's too small");
        assert_eq!(join("Hola, ", "¿Puedo pagar?"), "Hola, ¿puedo pagar?");
        assert_eq!(join("Hi, ", "I need it"), "Hi, I need it");
        assert_eq!(join("Guten Tag. ", "Wo ist es?"), "Guten Tag. Wo ist es?");
    }
}
