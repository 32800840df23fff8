//! How many conversations ran at once.

use perch_api::families::concurrency::{ConcurrencyQuery, Get, MAX_SPAN_SECONDS};
use perch_api::model::{Environment, Timestamp};

use super::conversations::is_seeded;
use crate::conversation::VARIANTS;
use crate::json::Json;
use crate::refusal::Refusal;
use crate::router::{Call, Router};
use crate::world::brief::Brief;

/// The length of an interval.
const STEP_MS: i64 = 300_000;

pub(super) fn routes(router: Router) -> Router {
    router.on_text(Get, get)
}

fn get(call: &Call<'_, Get>) -> Result<String, Refusal> {
    let query = &call.query;
    let (from_ms, until_ms) = span(query)?;
    let environment = query.client_env.clone().unwrap_or(Environment::Live);
    if !environment.is_known() {
        return Err(invalid("client_env must be sandbox, pre-release or live."));
    }
    if query.variant_id.is_some() && query.variant_name.is_some() {
        return Err(invalid("variant_id and variant_name exclude each other."));
    }
    let by_variant = match query.slice_by.as_deref() {
        None => false,
        Some("variant") => true,
        Some("language" | "phone_number") => {
            return Err(Refusal::new(501, "", "Slicing by this is not implemented."));
        }
        Some(_) => return Err(invalid("slice_by must be variant, language or phone_number.")),
    };

    let seeded = is_seeded(call.platform, &call.path.project_id);
    let catalog = call.platform.catalog(call.now_ms);
    let fits = |place: u64, held: &Brief| {
        let (id, name) = VARIANTS.get(usize::from(held.variant)).copied().unwrap_or_default();
        held.environment.as_str() == environment.as_str()
            && query.variant_id.as_ref().is_none_or(|own| own.as_str() == id)
            && query.variant_name.as_ref().is_none_or(|own| own == name)
            && query.language.as_ref().is_none_or(|own| own == held.language.code())
            && query.phone_number.as_ref().is_none_or(|own| {
                catalog.tell(place).is_some_and(|held| own.as_str() == held.to_number)
            })
    };
    let running = if seeded { catalog.running(from_ms, until_ms) } else { Vec::new() };
    let held: Vec<_> = running
        .into_iter()
        .filter(|(place, held)| fits(*place, held))
        .map(|(_, held)| held)
        .collect();
    let project = call.platform.account.project_id;
    let peaks_of = |variant: Option<usize>| {
        let own =
            held.iter().filter(|held| variant.is_none_or(|own| own == usize::from(held.variant)));
        let rang = call.platform.outbound.rang(|call| {
            seeded
                && call.agent == project
                && call.stage.as_str() == environment.as_str()
                && variant.is_none_or(|own| own == call.variant)
                && query.language.is_none()
                && query.phone_number.as_ref().is_none_or(|own| own.as_str() == call.to)
                && VARIANTS.get(call.variant).is_some_and(|(id, name)| {
                    query.variant_id.as_ref().is_none_or(|own| own.as_str() == *id)
                        && query.variant_name.as_ref().is_none_or(|own| own == name)
                })
        });
        // A telephone that rings takes a line as well.
        let spans = own.map(|held| (held.started_ms, held.ended_ms())).chain(rang);
        peaks(spans, from_ms, until_ms)
    };
    let slices: Vec<_> = if by_variant {
        (0..VARIANTS.len()).map(|variant| (Some(variant), peaks_of(Some(variant)))).collect()
    } else {
        vec![(None, peaks_of(None))]
    };

    let mut json = Json::with_capacity(4_096);
    json.object(|json| {
        json.key("account_id").string(call.platform.account.id);
        json.key("project_id").string(call.path.project_id.as_str());
        json.key("intervals").array(|json| {
            let starts = std::iter::successors(Some(from_ms), |at| Some(at + STEP_MS));
            for (at, from_ms) in starts.take_while(|at| *at < until_ms).enumerate() {
                for (variant, peaks) in &slices {
                    json.object(|json| {
                        json.key("time").time(from_ms);
                        let peak = peaks.get(at).copied().unwrap_or_default();
                        json.key("max_concurrent_conversations").count(peak);
                        if let Some((id, name)) = variant.and_then(|own| VARIANTS.get(own)) {
                            json.key("variant_id").string(id);
                            json.key("variant_name").string(name);
                        }
                    });
                }
            }
        });
    });
    Ok(json.finish())
}

/// From when until when, on the five minutes.
fn span(query: &ConcurrencyQuery) -> Result<(i64, i64), Refusal> {
    let moment = |given: Option<&Timestamp>| given.and_then(Timestamp::unix_ms);
    let text = "start_time and end_time are needed, as ISO 8601.";
    let (Some(start), Some(end)) =
        (moment(query.start_time.as_ref()), moment(query.end_time.as_ref()))
    else {
        return Err(invalid(text));
    };
    if end <= start {
        return Err(invalid("end_time must be after start_time."));
    }
    if end - start > MAX_SPAN_SECONDS * 1_000 {
        return Err(invalid("The span must be at most one week."));
    }
    Ok((start.div_euclid(STEP_MS) * STEP_MS, (end + STEP_MS - 1).div_euclid(STEP_MS) * STEP_MS))
}

/// The most that ran at once in each step, from starts and ends.
fn peaks(spans: impl Iterator<Item = (i64, i64)>, from_ms: i64, until_ms: i64) -> Vec<usize> {
    let mut changes: Vec<(i64, bool)> =
        spans.flat_map(|(start, end)| [(start, true), (end, false)]).collect();
    // Ends come before starts of the same moment: who leaves makes room for who comes.
    changes.sort_unstable();
    let mut changes = changes.into_iter().peekable();
    let mut running = 0_usize;
    let mut peaks = Vec::new();
    let mut at = from_ms;
    while at < until_ms {
        // What happened up to the first moment decides with how many the step begins.
        while let Some((_, starts)) = changes.next_if(|(when, _)| *when <= at) {
            running = if starts { running + 1 } else { running.saturating_sub(1) };
        }
        let mut peak = running;
        while let Some((_, starts)) = changes.next_if(|(when, _)| *when < at + STEP_MS) {
            running = if starts { running + 1 } else { running.saturating_sub(1) };
            peak = peak.max(running);
        }
        peaks.push(peak);
        at += STEP_MS;
    }
    peaks
}

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_is_the_most_at_once_within_five_minutes() {
        let of = |spans: &[(i64, i64)]| peaks(spans.iter().copied(), 0, 3 * STEP_MS);
        assert_eq!(of(&[]), [0, 0, 0]);
        assert_eq!(of(&[(-5, 10), (20, 30), (25, STEP_MS + 1)]), [2, 1, 0]);
        assert_eq!(of(&[(10, 20), (20, 30)]), [1, 0, 0], "one after the other");
        assert_eq!(of(&[(STEP_MS, 2 * STEP_MS)]), [0, 1, 0], "the end is not within");
        assert_eq!(of(&[(0, i64::MAX), (0, i64::MAX)]), [2, 2, 2]);
    }
}
