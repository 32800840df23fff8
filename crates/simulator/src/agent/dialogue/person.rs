//! The live colleague's side of a dialogue.

use super::Dialogue;
use crate::agent::control::{Control, control, language_request};
use crate::agent::language::Heard;
use crate::agent::order::order_number;
use crate::agent::reply::Line;
use crate::agent::{knowledge, phrases};

impl Dialogue {
    /// Answers as the live colleague would; the second value says whether he leaves afterwards.
    pub fn live_answer(&mut self, message: &str) -> (Line, bool) {
        let heard = Heard::new(message);
        if let Some(language) = language_request(&heard) {
            self.language = language;
        }
        let asked = control(self.language, &heard);
        if asked == Some(Control::Bye) {
            return (Line::plain(&phrases::LIVE_GOODBYE), true);
        }
        if asked == Some(Control::Thanks) && self.live_answers > 0 {
            return (Line::plain(&phrases::WELCOME), false);
        }
        let order = order_number(message).or_else(|| self.order.clone());
        if let Some((topic, _)) = knowledge::best(self.language, &heard)
            && (!topic.needs_order || order.is_some())
        {
            self.order = order;
            self.live_answers += 1;
            return (self.fill(topic), false);
        }
        let at = self.live_answers % phrases::LIVE_ANSWERS.len();
        self.live_answers += 1;
        let wording = phrases::LIVE_ANSWERS.get(at).unwrap_or(&phrases::WELCOME);
        (Line::plain(wording), false)
    }
}
