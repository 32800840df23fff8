//! What a verified token of an identity provider must say, and which role follows from it.

use perch_api::operation::Audience;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::identity::SETUP_SUBJECT;
use super::jws::Unacceptable;

/// How far another machine's clock may be off, in seconds.
const SKEW: u64 = 60;
/// Members that claims may have, so that a token cannot be a list of anything.
const GROUPS: usize = 500;

/// The claims of a token.
#[derive(Debug)]
pub struct Claims(Map<String, Value>);

/// Who made a token, and for whom.
#[derive(Clone, Copy)]
pub struct Parties<'a> {
    /// The exact issuer.
    pub issuer: &'a str,
    /// This deployment's name at the issuer.
    pub audience: &'a str,
}

/// Who a token is about.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// An address when there is a verified one, else the issuer's own id.
    pub subject: String,
    /// A verified address.
    pub email: Option<String>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// Unix seconds at which the token ends.
    pub expires: u64,
}

/// One line of the mapping from people to roles.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A group's exact name.
    pub group: Option<String>,
    /// An address; case does not matter.
    pub email: Option<String>,
    /// What those may do.
    pub role: String,
    /// Whether they may see personal data; by default as the role does.
    pub pii: Option<bool>,
}

impl Claims {
    /// Reads a payload.
    pub fn read(payload: &[u8]) -> Result<Self, Unacceptable> {
        let text = str::from_utf8(payload).map_err(|_| Unacceptable)?;
        serde_json::from_str(text).map(Self).map_err(|_| Unacceptable)
    }

    /// An application token of Cloudflare Access.
    pub fn access(&self, parties: Parties<'_>, now: u64) -> Result<Person, Unacceptable> {
        let expires = self.live(parties, now)?;
        // Tokens of the team's own login say "org".
        if self.text("type")? != Some("app") {
            return Err(Unacceptable);
        }
        let custom = self.given("custom").and_then(|custom| custom.get("groups"));
        let groups = names(custom.or_else(|| self.given("groups")));
        // Access itself has verified the address.
        self.person(self.text("email")?, groups, expires)
    }

    /// An ID token: the answer to a sign-in with this `nonce`.
    pub fn id_token(
        &self,
        parties: Parties<'_>,
        nonce: &str,
        groups: &str,
        now: u64,
    ) -> Result<Person, Unacceptable> {
        let expires = self.live(parties, now)?;
        let authorized = match self.text("azp")? {
            Some(azp) => azp == parties.audience,
            None => self.given("aud").and_then(Value::as_array).is_none_or(|all| all.len() == 1),
        };
        if !authorized || self.time("iat")?.is_none() || self.text("nonce")? != Some(nonce) {
            return Err(Unacceptable);
        }
        let verified = self.given("email_verified").and_then(Value::as_bool) == Some(true);
        let email = self.text("email")?.filter(|_| verified);
        self.person(email, names(self.given(groups)), expires)
    }

    /// Whether the person proved to be there at or after `since`, and did not just have a session at the provider.
    pub fn is_fresh(&self, since: u64) -> bool {
        let at = self.time("auth_time").ok().flatten();
        at.is_some_and(|at| at.saturating_add(SKEW) >= since)
    }

    /// Checks parties and times; gives the end.
    fn live(&self, parties: Parties<'_>, now: u64) -> Result<u64, Unacceptable> {
        let is_us = |one: &Value| one.as_str() == Some(parties.audience);
        let is_for_us = match self.given("aud") {
            Some(Value::Array(all)) => all.iter().any(is_us),
            one => one.is_some_and(is_us),
        };
        let until = self.time("exp")?.ok_or(Unacceptable)?;
        let begun = |at: Option<u64>| at.is_none_or(|at| at <= now.saturating_add(SKEW));
        let live = now < until && begun(self.time("nbf")?) && begun(self.time("iat")?);
        let right =
            self.text("iss")? == Some(parties.issuer) && is_for_us && !parties.audience.is_empty();
        if right && live { Ok(until) } else { Err(Unacceptable) }
    }

    fn person(
        &self,
        email: Option<&str>,
        groups: Vec<String>,
        expires: u64,
    ) -> Result<Person, Unacceptable> {
        let subject = subject(email, self.text("sub")?.unwrap_or_default())?;
        Ok(Person { subject, email: email.map(str::to_owned), groups, expires })
    }

    /// A claim, unless it is null.
    fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A claim that is nothing but a text.
    fn text(&self, name: &str) -> Result<Option<&str>, Unacceptable> {
        self.given(name).map(|value| value.as_str().ok_or(Unacceptable)).transpose()
    }

    /// A claim that is nothing but a time. It may have fractions; before 1970 is as good as never.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and NaN becomes zero"
    )]
    fn time(&self, name: &str) -> Result<Option<u64>, Unacceptable> {
        let number = |value: &Value| value.as_f64().map(|at| at as u64).ok_or(Unacceptable);
        self.given(name).map(number).transpose()
    }
}

/// The role that follows from the mapping, the highest of all that apply; nobody has one by default.
pub fn role(rules: &[Rule], person: &Person) -> Option<(Audience, bool)> {
    let applies = |rule: &&Rule| {
        let email = rule.email.as_deref().zip(person.email.as_deref());
        let group = rule.group.as_deref();
        email.is_some_and(|(rule, own)| rule.eq_ignore_ascii_case(own))
            || group.is_some_and(|group| person.groups.iter().any(|own| own == group))
    };
    let granted = rules.iter().filter(applies).filter_map(|rule| {
        let role = Audience::parse(&rule.role).filter(|role| *role != Audience::Nobody)?;
        Some((role, rule.pii.unwrap_or_else(|| Audience::Analyst.admits(role))))
    });
    // Declared from the most powerful down.
    granted.reduce(|one, other| (one.0.min(other.0), one.1 || other.1))
}

impl Rule {
    /// Whether it names somebody and a role.
    pub fn is_sound(&self) -> bool {
        let text = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        (text(&self.group) || text(&self.email))
            && Audience::parse(&self.role).is_some_and(|role| role != Audience::Nobody)
    }
}

fn subject(email: Option<&str>, sub: &str) -> Result<String, Unacceptable> {
    // Nobody is called like the session of the one-time link.
    let lawful = |text: &&str| {
        (1..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && *text != SETUP_SUBJECT
    };
    // Also of somebody with an address: service tokens have no id of their own.
    let sub = Some(sub).filter(lawful).ok_or(Unacceptable)?;
    let email = email.map(str::to_ascii_lowercase);
    Ok(email.filter(|email| lawful(&email.as_str())).unwrap_or_else(|| sub.to_owned()))
}

fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => {
            all.iter().take(GROUPS).filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
