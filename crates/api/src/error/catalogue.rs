//! The platform's published error codes, and what to do about each.
//!
//! Codes are stable names; some are `UPPER_SNAKE`, some `CamelCase`, and not all have a number.

/// One error code: the published ones, and one that only an example shows.
#[derive(Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The code as it stands in `error_code`.
    pub code: &'static str,
    /// The number, where one is published.
    pub number: Option<u32>,
    /// The HTTP status it comes with. One code comes with 200: the goal was reached already.
    pub status: u16,
    /// What it is about.
    pub category: Category,
    /// Whether the same request may succeed later.
    pub repeat: Repeat,
    /// What to do about it, in one sentence.
    pub remedy: &'static str,
}

/// What a code is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// Accounts and agents themselves.
    Accounts,
    /// Keys, tokens, permissions.
    Authentication,
    /// Chats.
    Chat,
    /// Records of conversations.
    Conversations,
    /// Versions and environments.
    Deployments,
    /// Flows.
    Flows,
    /// Functions.
    Functions,
    /// Topics and their imports.
    KnowledgeBase,
    /// Real-time configuration.
    RealTimeConfig,
    /// The request as such.
    Request,
    /// Text messages.
    Sms,
    /// Numbers and connectors.
    Telephony,
    /// Test cases.
    Tests,
    /// Variants.
    Variants,
}

/// Whether a failed request is worth sending again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// It will fail again.
    Never,
    /// Once, after a pause: it may have acted.
    Once,
    /// When a second effect does no harm: it may have acted.
    IfHarmless,
    /// After a pause, as long as the answer says.
    Later,
}

macro_rules! catalogue {
    ($($code:ident $number:tt $status:literal $category:ident $repeat:ident $remedy:literal;)+) => {
        /// Every published code, in the order of the vendor's page.
        pub static CATALOGUE: &[CatalogueEntry] = &[$(
            CatalogueEntry {
                code: stringify!($code),
                number: number!($number),
                status: $status,
                category: Category::$category,
                repeat: Repeat::$repeat,
                remedy: $remedy,
            }
        ),+];
    };
}

macro_rules! number {
    (-) => {
        None
    };
    ($number:literal) => {
        Some($number)
    };
}

catalogue! {
    AUTH_USER_NOT_FOUND 3_001 401 Authentication Never
        "Check that the key was made in this region and still exists.";
    AUTH_USER_UNAUTHORISED 3_002 401 Authentication Never
        "Send the key again, or sign in again: the session is over.";
    AUTH_USER_INVALID_TOKEN 3_003 401 Authentication Never
        "Take a fresh token; this one is damaged, expired or revoked.";
    USER_ACCESS_FORBIDDEN 2 403 Authentication Never
        "Ask an administrator of the workspace for access.";
    EXTERNAL_USER_FORBIDDEN 3 403 Authentication Never
        "Ask for a higher level: guests may not do this.";
    ACCOUNT_INSUFFICIENT_PERMISSIONS 1_003 403 Authentication Never
        "Use a key of this workspace that has the permission.";
    CONVERSATIONS_NOT_FOUND 5_001 404 Conversations Never
        "Check the id and the region; very new conversations may take a moment to appear.";
    CONVERSATIONS_VALIDATION_FAILED 5_002 400 Conversations Never
        "Correct the parameters: dates, limits and ids.";
    CONVERSATIONS_RECORDING_NOT_FOUND 5_003 404 Conversations Never
        "There is no recording: chats have none, and some calls are not recorded.";
    GET_CONVERSATIONS_FILTER_PARSE_ERROR - 400 Conversations Never
        "Correct the filter expression.";
    GET_CONVERSATIONS_INVALID_SORT_PARAMETER - 400 Conversations Never
        "Sort by a documented field, as field:asc or field:desc.";
    CHAT_DRAFT_NOT_EXIST 4_001 400 Chat Never
        "Publish or merge something first: there is no version to talk to.";
    CHAT_TIMEOUT 4_002 400 Chat Once
        "Wait a little and try once more; the turn may have run all the same.";
    CHAT_DRAFT_DEPLOYMENT_FAILED 4_003 500 Chat Later
        "Wait and try again; look at the agent's functions if it stays.";
    ChatConversationEnded - 410 Chat Never
        "Start a new conversation; this one is over.";
    DEPLOYMENT_NOT_FOUND 6_001 404 Deployments Never
        "List the deployments: every promotion makes a new id.";
    DEPLOYMENTS_ALREADY_PUBLISHED 6_009 409 Deployments Never
        "Nothing to do: merging has published this version already.";
    DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED 6_002 200 Deployments Never
        "Nothing to do: the environment runs this version.";
    DEPLOYMENTS_VALIDATION_FAILED 6_007 400 Deployments Never
        "Correct the body of the deployment.";
    DEPLOYMENTS_INVALID_ENVIRONMENT 6_008 400 Deployments Never
        "Name sandbox, pre-release or live.";
    ErrPreReleaseNotReady - 412 Deployments Never
        "Promote to pre-release first, then to live.";
    FLOW_NOT_FOUND 8_001 404 Flows Never
        "List the flows; this one is gone or on another branch.";
    FLOWS_NAME_ALREADY_EXISTS 8_003 409 Flows Never
        "Choose another name for the flow.";
    FLOWS_FUNCTION_NAME_ALREADY_EXISTS 8_004 409 Flows Never
        "Choose another name for the function within the flow.";
    FLOWS_RESERVED_PARAMETER_NAME 8_005 400 Flows Never
        "Rename the parameter; the platform uses this name itself.";
    FLOWS_RESERVED_FUNCTION_NAME 8_006 400 Flows Never
        "Rename the function; the platform uses this name itself.";
    FUNCTION_NOT_FOUND 9_001 404 Functions Never
        "List the functions; this one is gone or on another branch.";
    FUNCTIONS_DEPLOYMENT_HAS_ERRORS 9_004 400 Functions Never
        "Repair the functions' code, then deploy again.";
    FUNCTION_EXECUTION_FAILED 9_006 400 Functions Never
        "Look at the function's log; it may have acted before it failed.";
    FUNCTION_FAILED_TO_PARSE 9_007 400 Functions Never
        "Correct the function's syntax.";
    FUNCTION_NAME_ALREADY_EXISTS 9_009 409 Functions Never
        "Choose another name for the function.";
    FUNCTIONS_RESERVED_NAME 9_010 400 Functions Never
        "Rename the function; the platform uses this name itself.";
    KNOWLEDGE_BASE_TOPIC_ALREADY_EXISTS 11_001 409 KnowledgeBase Never
        "Choose another name, or change the topic that has it.";
    KNOWLEDGE_BASE_IMPORT_NO_CSV_FOUND 11_002 400 KnowledgeBase Never
        "Attach a CSV file.";
    KNOWLEDGE_BASE_IMPORT_INVALID_TYPE 11_003 415 KnowledgeBase Never
        "Send the file as CSV.";
    KNOWLEDGE_BASE_IMPORT_MISSING_COLUMNS 11_004 400 KnowledgeBase Never
        "Add the missing columns to the file.";
    KNOWLEDGE_BASE_TOPICS_INVALID 11_005 400 KnowledgeBase Never
        "Correct the topic: a name, a content and at most 100 queries.";
    KNOWLEDGE_BASE_RICH_TEXT_INVALID 11_006 400 KnowledgeBase Never
        "Repair the markup, or the reference to something that is gone.";
    PHONE_NUMBERS_NOT_FOUND 14_006 404 Telephony Never
        "Check the number; write the plus as %2B in a path.";
    PHONE_NUMBERS_ALREADY_EXISTS 14_007 409 Telephony Never
        "Nothing to do: the number is imported.";
    PHONE_NUMBERS_INVALID_PHONE_NUMBER_FORMAT 14_003 400 Telephony Never
        "Write the number as + and digits (E.164).";
    PHONE_NUMBERS_CONNECTOR_DOES_NOT_EXIST 14_005 404 Telephony Never
        "List the connectors and choose one of them.";
    CONNECTORS_NOT_FOUND 14_100 404 Telephony Never
        "List the connectors; this one is gone or belongs to another agent.";
    CONNECTORS_VALIDATION_FAILED 14_101 400 Telephony Never
        "Correct the connector: an unknown voice, variant or language.";
    VARIANTS_BAD_ATTRIBUTES_ERROR 26_001 400 Variants Never
        "Give values for attributes that exist, as text.";
    VARIANTS_DUPLICATE_NAME_ERROR 26_002 409 Variants Never
        "Choose another name for the variant.";
    VARIANTS_REMOVE_DEFAULT_ERROR 26_003 400 Variants Never
        "Make another variant the default one first.";
    VariantsImportInvalidDelimiter - 400 Variants Never
        "Separate the columns of the file with commas.";
    VariantImportMissingColumnsHttp - 400 Variants Never
        "Add the missing columns to the file.";
    VariantImportDuplicateColumnsHttp - 400 Variants Never
        "Give every column of the file its own name.";
    REAL_TIME_CONFIG_FORBIDDEN_ACCESS 29_001 403 RealTimeConfig Never
        "Ask for the permission to change real-time configuration.";
    REAL_TIME_CONFIG_INVALID_FOR_SCHEMA 29_002 400 RealTimeConfig Never
        "Make the variables fit the schema of this environment.";
    REAL_TIME_CONFIG_INVALID_SCHEMA 29_004 400 RealTimeConfig Never
        "Correct the schema: JSON Schema, draft 7.";
    REAL_TIME_CONFIG_UNKNOWN_CLIENT_ENVIRONMENT 29_006 400 RealTimeConfig Never
        "Name sandbox, pre-release or live.";
    ACCOUNT_NOT_FOUND 1_002 404 Accounts Never
        "Check the workspace id and the region.";
    ACCOUNT_CREATE_INVALID_ID 1_004 400 Accounts Never
        "Choose another id: letters, digits and hyphens, unlike any other.";
    ACCOUNT_CREATE_EXISTING_ID 1_006 409 Accounts Never
        "Choose another id; this one is taken.";
    PROJECT_NOT_FOUND 15_001 404 Accounts Never
        "Check the agent id and the region.";
    PROJECT_ID_ALREADY_EXISTS 15_005 409 Accounts Never
        "Choose another id; this one is taken.";
    PROJECT_ID_INVALID 15_006 400 Accounts Never
        "Choose an id of letters, digits and hyphens.";
    SMS_TEMPLATE_NOT_FOUND 20_001 404 Sms Never
        "List the templates; this one is gone.";
    MissingTestCasesHttp - 422 Tests Never
        "Leave out the test cases that do not exist.";
    NoTestCasesHttp - 422 Tests Never
        "Write a test case first.";
    SCHEMA_VALIDATION_FAILED - 400 Request Never
        "Compare the body with the operation's documentation.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_are_unique() {
        let mut codes: Vec<_> = CATALOGUE.iter().map(|entry| entry.code).collect();
        let mut numbers: Vec<_> = CATALOGUE.iter().filter_map(|entry| entry.number).collect();
        let (all, numbered) = (codes.len(), numbers.len());
        codes.sort_unstable();
        codes.dedup();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((codes.len(), numbers.len()), (all, numbered));
    }

    #[test]
    fn only_the_no_op_publish_is_no_failure() {
        let fine: Vec<_> =
            CATALOGUE.iter().filter(|entry| entry.status < 400).map(|e| e.code).collect();
        assert_eq!(fine, ["DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED"]);
    }

    #[test]
    fn every_remedy_is_a_sentence() {
        for entry in CATALOGUE {
            let (first, last) = (entry.remedy.chars().next(), entry.remedy.chars().last());
            assert!(first.is_some_and(char::is_uppercase) && last == Some('.'), "{}", entry.code);
        }
    }
}
