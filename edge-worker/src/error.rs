//! Every way the edge says no: a closed list of fixed texts.
//!
//! Nothing that came from a caller, from the platform or from a failed call can get into a body, so
//! a refusal cannot leak. Details go nowhere; the request id connects a report to the runtime's log.

macro_rules! refusals {
    ($($(#[$doc:meta])+ $name:ident = $status:literal $code:literal $message:literal $remedy:literal;)+) => {
        /// A refusal with its status and its three fixed texts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$doc])+ $name,)+
        }

        impl Refusal {
            /// Every refusal, for tests and generated documentation.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            const fn parts(self) -> (u16, &'static str, &'static str, &'static str) {
                match self {
                    $(Self::$name => ($status, $code, $message, $remedy),)+
                }
            }
        }
    };
}

// Name, status, stable code, what happened in one sentence, what to do about it in another.
refusals! {
    /// The path or query is not spelled the plain way.
    BadPath = 400 "bad_path"
        "The address is not spelled plainly."
        "Send the documented path without dot segments or escaped separators.";
    /// The body is no JSON of the expected shape.
    BadBody = 400 "bad_body"
        "The request body does not have the documented shape."
        "Send the documented JSON object.";
    /// No such route, operation, project or site; which of them is not said.
    UnknownRoute = 404 "unknown_route"
        "There is nothing here."
        "Check the address, the configured projects and the configured sites.";
    /// The path names no account, or one id that two accounts have.
    AccountNeeded = 400 "account_needed"
        "Several accounts are configured, and the address does not say which one is meant."
        "Name one of the configured accounts in X-Perch-Account.";
    /// The route exists, the method does not.
    MethodNotAllowed = 405 "method_not_allowed"
        "The address does not take this method."
        "Use the documented method.";
    /// The page's origin is not on the site's list.
    OriginNotAllowed = 403 "origin_not_allowed"
        "This page's origin is not allowed for the site."
        "Add the exact origin to the site's list of origins.";
    /// A state change without the custom header that only same-origin script can send.
    HeaderMissing = 403 "header_missing"
        "The request lacks the header that proves it comes from the console."
        "Send X-Perch: 1 from a page of the same origin.";
    /// The browser says that another site started the request.
    CrossSite = 403 "cross_site"
        "The browser reports that another site started this request."
        "Open the console directly.";
    /// No valid visitor token.
    TokenInvalid = 401 "token_invalid"
        "The visitor token is missing, expired or not valid here."
        "Ask for a new one at /visitor/session.";
    /// No valid, unused socket ticket.
    TicketInvalid = 401 "ticket_invalid"
        "The socket ticket is missing, expired or already used."
        "Ask for a new one at /visitor/ticket.";
    /// No valid operator session.
    NotSignedIn = 401 "not_signed_in"
        "There is no operator session."
        "Sign in to the console.";
    /// Wrong, used or expired set-up token.
    SetupInvalid = 401 "setup_invalid"
        "The sign-in link is wrong, used or expired."
        "Print a new link with the deploy or dev command.";
    /// No token of Cloudflare Access, or one that was not accepted.
    AccessRequired = 401 "access_required"
        "The request did not come through Cloudflare Access."
        "Open the console at its own address and sign in there.";
    /// The identity provider's answer was not accepted.
    ProviderRefused = 401 "provider_refused"
        "The sign-in at the identity provider was not accepted."
        "Start again from the console.";
    /// The identity provider did not answer as documented.
    ProviderUnreachable = 502 "provider_unreachable"
        "The identity provider could not be reached."
        "Try again shortly; check the configured provider if it stays.";
    /// Somebody the mapping gives no role.
    NoRole = 403 "no_role"
        "Your account has no role here."
        "Ask an administrator to give one of your groups a role.";
    /// The browser would not store the session's cookie.
    InsecureOrigin = 403 "insecure_origin"
        "A browser does not keep the session of an address without https."
        "Open the link over https or at localhost; it is not used up.";
    /// The operator's role does not cover this operation.
    RoleTooLow = 403 "role_too_low"
        "Your role does not include this operation."
        "Ask an administrator for the role.";
    /// The operation needs a proof of presence from the last minutes.
    StepUpNeeded = 403 "step_up_needed"
        "This operation needs a fresh proof that it is you."
        "Confirm with your passkey or sign in again, then repeat it within five minutes.";
    /// Whoever may not see personal data asks for some that cannot be masked, or for much of it at once.
    PersonalData = 403 "personal_data"
        "You may not see the personal data that this holds."
        "Ask an administrator for the right to personal data.";
    /// What is not recorded does not happen.
    AuditUnavailable = 503 "audit_unavailable"
        "The audit log cannot be written, so nothing was done."
        "Try again shortly.";
    /// Something that costs money or reaches people, not confirmed by its name.
    ConfirmationMissing = 428 "confirmation_missing"
        "This costs money or reaches people, and it was not confirmed."
        "Send the operation's id in X-Perch-Confirm.";
    /// The same, without a lawful key.
    KeyMissing = 400 "idempotency_key_missing"
        "This must not happen twice, and the request has no key of its own."
        "Send 16 to 64 letters, digits, hyphens or underscores of your choice in Idempotency-Key.";
    /// A key that stands for another request.
    KeyReused = 409 "idempotency_key_reused"
        "This key was used for another request in the last 24 hours."
        "Choose a new key for a new request.";
    /// The request of this key has not ended.
    KeyInFlight = 409 "idempotency_key_in_flight"
        "A request with this key is still running."
        "Wait for its end, then repeat it with the same key.";
    /// The request of this key was sent, and its answer never came.
    OutcomeUnknown = 409 "outcome_unknown"
        "A request with this key was sent, and nobody knows whether it was carried out."
        "Find out on the platform before you choose a new key.";
    /// Over a quota of what costs money.
    QuotaExceeded = 429 "quota_exceeded"
        "The quota for calls and messages is used up."
        "Wait for the seconds in Retry-After, or have the quota raised.";
    /// A query parameter the operation does not document.
    QueryNotAllowed = 400 "query_not_allowed"
        "The operation does not take one of these query parameters."
        "Send documented parameters only.";
    /// The request body is over the limit.
    TooLarge = 413 "too_large"
        "The request body is too large."
        "Send less.";
    /// The request body did not arrive in time.
    BodyTimeout = 408 "body_timeout"
        "The request body did not arrive in time."
        "Send the body without pauses.";
    /// The request body is packed, so that nobody can judge it.
    BodyPacked = 415 "body_packed"
        "The request body has a content encoding."
        "Send the body as it is.";
    /// Over a rate limit; try again after the stated seconds.
    TooManyRequests = 429 "too_many_requests"
        "Too many requests from here."
        "Wait for the seconds in Retry-After.";
    /// The socket route was called without a WebSocket upgrade.
    UpgradeRequired = 426 "upgrade_required"
        "This address speaks WebSocket only."
        "Open it as a WebSocket.";
    /// The site takes no voice calls.
    CallsOff = 403 "calls_off"
        "The site takes no voice calls."
        "Add calls to the site's configuration and a web-calling key.";
    /// The visitor must pass the site's bot check first.
    BotCheckNeeded = 403 "bot_check_needed"
        "The site checks that visitors are people."
        "Solve the check that this answer describes and ask again with its result.";
    /// The check's result is used, too old or of something else.
    BotCheckFailed = 403 "bot_check_failed"
        "The check was not passed."
        "Solve the check of this answer and ask again.";
    /// The provider of the check cannot be asked.
    BotCheckDown = 503 "bot_check_unavailable"
        "The check for bots is not available now."
        "Try again shortly.";
    /// A limiter or a session's storage does not answer; nothing passes uncounted.
    LimiterDown = 503 "visitors_unavailable"
        "The visitor plane is not available now."
        "Try again shortly.";
    /// Operators stopped the site.
    SiteClosed = 503 "site_closed"
        "The chat of this site is closed."
        "Try again later.";
    /// The backend's secret is wrong, or a browser sent it.
    ContextRefused = 401 "context_refused"
        "The site's secret is missing or wrong."
        "Send Authorization: Bearer and the site's secret from your backend, never from a page.";
    /// The claims are not what a verified context may hold.
    ContextInvalid = 400 "context_invalid"
        "The claims are no flat JSON object within the limits."
        "Send names of letters, digits and _ with texts, numbers or booleans, 8 KB at most.";
    /// Another turn of the chat is not answered yet.
    TurnPending = 409 "turn_pending"
        "The turn before this one is not answered yet."
        "Wait for its answer, or ask again with the same turn id in a few seconds.";
    /// Nobody knows whether the platform heard this turn.
    TurnLost = 409 "turn_lost"
        "It is not known whether this message was heard."
        "Let the visitor decide whether to say it again, under a new turn id.";
    /// The session has an open chat already.
    ChatOpen = 409 "chat_open"
        "The session has an open chat already."
        "Go on with it, or close it at /visitor/chat/close.";
    /// The visitor's session is over; create a new one.
    SessionEnded = 409 "session_ended"
        "The visitor session is over."
        "Start a new one at /visitor/session.";
    /// The platform could not be reached.
    UpstreamUnreachable = 502 "upstream_unreachable"
        "The platform could not be reached."
        "Try again shortly.";
    /// The platform answered with a redirect, which is never followed.
    UpstreamRedirected = 502 "upstream_redirected"
        "The platform answered with a redirect, which the edge does not follow."
        "Check the configured region.";
    /// The platform did not answer in time.
    UpstreamTimeout = 504 "upstream_timeout"
        "The platform did not answer in time."
        "Try again shortly.";
    /// The platform's host has been failing and is left alone for some seconds.
    UpstreamResting = 503 "upstream_resting"
        "The platform has been failing and is left alone for a moment."
        "Try again after the seconds in Retry-After.";
    /// The platform asked for fewer requests with this key.
    UpstreamBusy = 429 "upstream_busy"
        "The platform asked the edge to send fewer requests."
        "Wait for the seconds in Retry-After.";
    /// A key was found in the platform's answer, or it could not be looked through.
    UpstreamWithheld = 502 "upstream_withheld"
        "The platform's answer failed a safety check and was withheld."
        "Report the request id, and have the key of this operation replaced.";
    /// The platform refused the edge's own request.
    UpstreamRefused = 502 "upstream_refused"
        "The platform refused the edge's request."
        "Check the configured keys, host and region.";
    /// The vault cannot be asked, so no key is certain to be still good.
    VaultDown = 503 "vault_down"
        "The vault of keys cannot be reached."
        "Try again shortly; nothing was changed.";
    /// The vault holds as much as it may.
    VaultFull = 409 "vault_full"
        "The vault is full."
        "Remove keys that are not used any more.";
    /// The value cannot be a key.
    VaultRefused = 400 "vault_refused"
        "The value cannot be a key."
        "Send 1 to 4,096 printable ASCII characters without spaces.";
    /// The platform did not take the settings of a webhook endpoint.
    EndpointRefused = 422 "endpoint_refused"
        "The platform did not take the endpoint."
        "Check its name, its https address, its events and its time-out; an account has at most ten.";
    /// A new endpoint's secret could not be kept, so there is no endpoint.
    EndpointUndone = 503 "endpoint_undone"
        "The endpoint's signing secret could not be kept, so the endpoint was deleted again."
        "Look at the vault, then make the endpoint again.";
    /// The same, and it could not be deleted either.
    EndpointStranded = 502 "endpoint_stranded"
        "The endpoint's signing secret could not be kept, and the endpoint could not be deleted again."
        "Delete the newest endpoint; nothing can prove what it delivers.";
    /// The platform changed a signing secret that could not be kept.
    RotationLost = 502 "rotation_lost"
        "The signing secret was changed, and the new one could not be kept."
        "Rotate it again; until then nothing can prove what the endpoint delivers.";
    /// The deployment's configuration is missing or wrong.
    NotConfigured = 503 "not_configured"
        "The edge is not configured for this."
        "Set the variables and secrets that the configuration page lists.";
    /// The edge cannot serve requests; why is said in its log.
    NotReady = 503 "not_ready"
        "The edge is not ready to serve."
        "Look at the worker's log.";
    /// A fault of the edge itself.
    Internal = 500 "internal"
        "The edge failed to handle the request."
        "Try again; report the request id if it stays.";
}

impl Refusal {
    /// The stable code clients switch on.
    pub const fn code(self) -> &'static str {
        self.parts().1
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.parts().0
    }

    /// What happened, in one sentence.
    pub const fn message(self) -> &'static str {
        self.parts().2
    }

    /// What to do about it, in one sentence.
    pub const fn remedy(self) -> &'static str {
        self.parts().3
    }

    /// The JSON body. `request_id` is the edge's own, so it needs no escaping.
    pub fn body(self, request_id: &str) -> String {
        let (_, code, message, remedy) = self.parts();
        format!(
            r#"{{"error":{{"code":"{code}","message":"{message}","remedy":"{remedy}"}},"request_id":"{request_id}"}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_json_and_codes_are_unique() {
        let mut codes: Vec<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::ALL.len());
        for &refusal in Refusal::ALL {
            let body: serde_json::Value = serde_json::from_str(&refusal.body("r-1")).unwrap();
            assert_eq!(body["error"]["code"], refusal.code());
            assert_eq!(body["error"]["message"], refusal.message());
            assert_eq!(body["error"]["remedy"], refusal.remedy());
            assert_eq!(body["request_id"], "r-1");
            assert!((400..600).contains(&refusal.status()));
        }
    }
}
