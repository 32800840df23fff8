//! What a row says about its operation.

use super::limit::Limit;

/// Names one exchange with the platform, on every answer of every family; a request may bring its own,
/// and error envelopes repeat it.
pub const CORRELATION_HEADER: &str = "x-polyai-correlation-id";

/// Longest name of an exchange that Perch sends or lets through.
pub const MAX_CORRELATION_ID: usize = 64;

/// Whether a name may stand in a header, a log and a sentence as it is: 1 to 64 of `A-Z a-z 0-9 - _ . :`.
pub fn is_correlation_id(id: &str) -> bool {
    let lawful =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    (1..=MAX_CORRELATION_ID).contains(&id.len()) && id.bytes().all(lawful)
}

/// One REST operation as data.
#[derive(Debug, PartialEq, Eq)]
pub struct OperationSpec {
    /// Stable name: golden list, JavaScript, simulator, logs. Starts with the family.
    pub id: &'static str,
    /// The family it belongs to.
    pub family: Family,
    /// HTTP method.
    pub method: Method,
    /// The kind of host that serves it.
    pub host: Host,
    /// Path with `{placeholders}`.
    pub path: &'static str,
    /// What it must be authorised with.
    pub credential: CredentialKind,
    /// Whether a lost answer may be asked for again.
    pub retry: Retry,
    /// What a call may do to the account.
    pub safety: Safety,
    /// Who may send it through the edge worker.
    pub audience: Audience,
    /// The query parameters it knows; the worker refuses all others.
    pub query: &'static [&'static str],
    /// Those of them without which the platform refuses the call.
    pub required: &'static [&'static str],
    /// The status of success.
    pub success: u16,
    /// Content type of the request body as a rule; nothing where there is no body.
    pub sends: Option<&'static str>,
    /// Other content types that the request body may have.
    pub sends_also: &'static [&'static str],
    /// Bounds on values that the types do not have.
    pub limits: &'static [Limit],
    /// Content type of the answer as a rule; nothing where the answer is empty.
    pub answers: Option<&'static str>,
    /// What it does, in a sentence or a few.
    pub doc: &'static str,
    /// The vendor's page about the family; [`OperationSpec::page`] knows the operation's own.
    pub source: &'static str,
}

macro_rules! words {
    ($( $(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $vdoc:literal])+ $variant:ident = $text:literal ),+ $(,)? } )+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[doc = $vdoc])+ $variant ),+ }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used on the wire, in files and in lists.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text ),+ }
            }

            /// Reads the word back; exact spelling.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $( $text => Some(Self::$variant), )+ _ => None }
            }
        }
    )+ };
}

words! {
    /// The API families, as the vendor's documentation divides them.
    Family {
        /// Agents: their branches, knowledge, variants, deployments, telephony, voices and audio.
        Agents = "agents",
        /// Rules over a project's health, and what is in alarm now.
        Alerts = "alerts",
        /// Turn-based text conversations.
        Chat = "chat",
        /// How many conversations ran at once.
        Concurrency = "concurrency",
        /// Records of conversations.
        Conversations = "conversations",
        /// Records once more, with reviews: pages withdrawn, routes alive.
        Data = "data",
        /// Trial conversations with a deployed agent.
        DebugChat = "debug-chat",
        /// Telephone numbers lent to one visitor.
        Dni = "dni",
        /// Results that other systems post into a running conversation.
        ExternalEvents = "external-events",
        /// What the agent knew when it handed a conversation over.
        Handoff = "handoff",
        /// Live chat over a socket.
        Messaging = "messaging",
        /// Calls that an agent places, the older way.
        Outbound = "outbound",
        /// Text messages that open a conversation.
        Sms = "sms",
        /// Where the platform reports alarms to.
        Webhooks = "webhooks",
        /// Calls from a browser.
        Webrtc = "webrtc",
    }

    /// HTTP methods in use.
    Method {
        /// Read.
        Get = "GET",
        /// Create or act.
        Post = "POST",
        /// Replace.
        Put = "PUT",
        /// Change in part.
        Patch = "PATCH",
        /// Remove.
        Delete = "DELETE",
    }

    /// The four kinds of host; [`crate::region`] maps them to names.
    Host {
        /// Agents, debug chat, conversation detail and audio, alerts, webhooks.
        Build = "build",
        /// Conversation lists, chat, handoff, concurrency, telephony.
        Platform = "platform",
        /// Messaging tokens, sessions and sockets.
        Messaging = "messaging",
        /// Call signalling.
        Webrtc = "webrtc",
    }

    /// The credentials. Several share a header name and still are different values.
    CredentialKind {
        /// Nothing at all.
        Anonymous = "anonymous",
        /// Workspace API key or personal access token: `X-API-KEY` on the build host.
        Workspace = "workspace",
        /// Project key with the conversations permission: `x-api-key` on the platform host.
        Conversations = "conversations",
        /// Account key of the older conversation lists: `x-api-key` on the platform host.
        ConversationsLegacy = "conversations-legacy",
        /// Project key with the handoff permission: `x-api-key` on the platform host.
        Handoff = "handoff",
        /// Key of one agent's number pool: `x-api-key` on the platform host.
        Dni = "dni",
        /// Key with the external-events permission: `X-Api-Key` on the platform host.
        ExternalEvents = "external-events",
        /// Chat key and connector token together: `X-API-KEY` and `X-TOKEN`.
        Chat = "chat",
        /// Token of the older outbound calls: `X-PolyAi-Auth-Token`. It fixes the environment.
        Outbound = "outbound",
        /// API key and connector id for text messages: `X-PolyAi-Auth-Token` and `X-TOKEN-ID`.
        Sms = "sms",
        /// Messaging connector token and registered host: `X-Token` and `X-Host`.
        MessagingConnector = "messaging-connector",
        /// The access token minted for one messaging session: `Authorization: Bearer`.
        MessagingAccess = "messaging-access",
        /// Web-calling token: `Authorization: Bearer`, or inside the offer of a call.
        WebCalling = "web-calling",
    }

    /// Whether a lost answer may be asked for again.
    Retry {
        /// Reading twice is reading once.
        Safe = "safe",
        /// A second call may act twice: repeated only when the first surely did not arrive (429, 503 with `Retry-After`).
        Refused = "refused",
    }

    /// What a call may do to the account.
    Safety {
        /// Changes nothing.
        Read = "read",
        /// Changes something that can be changed back.
        Write = "write",
        /// Removes something for good.
        Destructive = "destructive",
        /// Costs money or reaches people.
        Cost = "cost",
    }

    /// Who may send an operation through the edge worker, from nobody to everybody; ordered.
    Audience {
        /// Never proxied: the worker itself uses it, or nobody does.
        Nobody = "nobody",
        /// Key changes and member management.
        Admin = "admin",
        /// What goes live or costs money.
        Publisher = "publisher",
        /// Changes.
        Operator = "operator",
        /// Reading personal data.
        Analyst = "analyst",
        /// Reading.
        Viewer = "viewer",
    }
}

impl CredentialKind {
    /// The header names that carry it, in the spelling of the family's documentation.
    pub const fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Anonymous => &[],
            Self::Workspace => &["X-API-KEY"],
            Self::Conversations | Self::ConversationsLegacy | Self::Handoff | Self::Dni => {
                &["x-api-key"]
            }
            Self::ExternalEvents => &["X-Api-Key"],
            Self::Chat => &["X-API-KEY", "X-TOKEN"],
            Self::Outbound => &["X-PolyAi-Auth-Token"],
            Self::Sms => &["X-PolyAi-Auth-Token", "X-TOKEN-ID"],
            Self::MessagingConnector => &["X-Token", "X-Host"],
            Self::MessagingAccess | Self::WebCalling => &["Authorization"],
        }
    }
}

impl Audience {
    /// Whether a caller with `role` may send what is declared for `self`.
    ///
    /// Roles stand in the same order: a publisher may do what an operator may. `Nobody` admits nobody.
    pub const fn admits(self, role: Self) -> bool {
        !matches!(self, Self::Nobody) && !matches!(role, Self::Nobody) && role as u8 <= self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::Audience;

    #[test]
    fn a_higher_role_may_do_what_a_lower_one_may() {
        for (at, &needed) in Audience::ALL.iter().enumerate() {
            for (role_at, &role) in Audience::ALL.iter().enumerate() {
                let expected = at != 0 && role_at != 0 && role_at <= at;
                assert_eq!(needed.admits(role), expected, "{needed:?} by {role:?}");
            }
        }
    }
}
