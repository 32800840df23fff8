//! The one thing that has to be said above the composer, if any.

use perch_api::messaging::client::{Connection, Handoff, Status};

use crate::labels::{Labels, fill};

/// A line, and perhaps a button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Banner {
    pub(crate) text: String,
    /// The words of a button that connects now.
    pub(crate) button: Option<&'static str>,
    /// Something is under way.
    pub(crate) busy: bool,
    /// Something is wrong.
    pub(crate) bad: bool,
}

/// The banner for a status; `seconds` is the time left to the next attempt, `was_open` whether the
/// connection ever stood (before that, connecting is nothing worth a word).
pub(crate) fn banner(
    status: &Status,
    labels: &Labels,
    seconds: Option<u32>,
    was_open: bool,
) -> Option<Banner> {
    let line = |text: &str| Banner { text: text.to_owned(), ..Banner::default() };
    Some(match status.connection {
        _ if status.ended.is_some() => return None,
        Connection::Offline => Banner { bad: true, ..line(labels.offline) },
        Connection::Waiting { .. } => Banner {
            bad: true,
            button: Some(labels.try_now),
            ..line(&fill(labels.trying_in, &seconds.unwrap_or(0).to_string()))
        },
        Connection::Failed => {
            Banner { bad: true, button: Some(labels.try_again), ..line(labels.gave_up) }
        }
        Connection::Replaced => Banner { button: Some(labels.use_here), ..line(labels.replaced) },
        Connection::Connecting | Connection::Idle | Connection::Lost if was_open => {
            Banner { busy: true, ..line(labels.connecting) }
        }
        _ => return handoff(status, labels),
    })
}

fn handoff(status: &Status, labels: &Labels) -> Option<Banner> {
    let line = |text: String| Banner { text, ..Banner::default() };
    match &status.handoff {
        Handoff::Triggered => Some(Banner { busy: true, ..line(labels.handoff.to_owned()) }),
        Handoff::Queued(queue) => {
            let place = queue.position.map(|place| fill(labels.queue, &place.to_string()));
            let wait = queue.estimated_wait_seconds.map(|seconds| wait(seconds, labels));
            let own = match (place, wait) {
                (Some(place), Some(wait)) => [&place, " ", &wait].concat(),
                (place, wait) => place.or(wait).unwrap_or_default(),
            };
            let told = queue.display_message.clone().filter(|_| own.is_empty());
            let text = told.unwrap_or(own);
            let text = if text.is_empty() { labels.handoff.to_owned() } else { text };
            Some(Banner { busy: true, ..line(text) })
        }
        Handoff::Required(_) => Some(line(labels.elsewhere.to_owned())),
        Handoff::Failed { .. } | Handoff::TimedOut { .. } => {
            Some(Banner { bad: true, ..line(labels.nobody.to_owned()) })
        }
        Handoff::None | Handoff::Live | Handoff::Over if status.idle_warning => {
            Some(line(labels.idle.to_owned()))
        }
        Handoff::Over => Some(line(labels.person_left.to_owned())),
        Handoff::None | Handoff::Live => None,
    }
}

fn wait(seconds: u32, labels: &Labels) -> String {
    if seconds < 60 {
        return labels.wait_short.to_owned();
    }
    fill(labels.wait_minutes, &seconds.div_ceil(60).to_string())
}

#[cfg(test)]
mod tests {
    use perch_api::messaging::client::EndReason;
    use perch_api::messaging::frame::QueueStatus;

    use super::*;

    fn shown(status: &Status, seconds: Option<u32>, was_open: bool) -> Option<String> {
        banner(status, Labels::of("en"), seconds, was_open).map(|banner| banner.text)
    }

    #[test]
    fn a_lost_connection_counts_down() {
        let mut status =
            Status { connection: Connection::Waiting { attempt: 2 }, ..Status::default() };
        assert_eq!(
            shown(&status, Some(4), true).as_deref(),
            Some("Connection lost. Trying again in 4 s.")
        );
        status.ended = Some(EndReason::Natural);
        assert_eq!(shown(&status, Some(4), true), None);
    }

    #[test]
    fn the_first_connection_is_made_silently() {
        let status = Status { connection: Connection::Connecting, ..Status::default() };
        assert_eq!(shown(&status, None, false), None);
        assert_eq!(shown(&status, None, true).as_deref(), Some("Connecting"));
    }

    #[test]
    fn a_queue_says_what_is_known() {
        let queued = |queue| Status {
            connection: Connection::Open,
            handoff: Handoff::Queued(queue),
            ..Status::default()
        };
        let both = QueueStatus {
            position: Some(2),
            estimated_wait_seconds: Some(95),
            ..QueueStatus::default()
        };
        assert_eq!(
            shown(&queued(both), None, true).as_deref(),
            Some("You are number 2 in the queue. The wait is about 2 min.")
        );
        let told =
            QueueStatus { display_message: Some("Soon".to_owned()), ..QueueStatus::default() };
        assert_eq!(shown(&queued(told), None, true).as_deref(), Some("Soon"));
        assert_eq!(
            shown(&queued(QueueStatus::default()), None, true).as_deref(),
            Some("Connecting you with a person")
        );
    }

    #[test]
    fn trouble_with_the_line_goes_before_the_queue() {
        let status = Status {
            connection: Connection::Offline,
            handoff: Handoff::Triggered,
            ..Status::default()
        };
        assert_eq!(shown(&status, None, true).as_deref(), Some(Labels::of("en").offline));
    }
}
