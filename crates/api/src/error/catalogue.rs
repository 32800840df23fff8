//! The platform's published error codes.
//!
//! Codes are stable names; some are `UPPER_SNAKE`, some `CamelCase`, and not all have a number.

/// One published error code.
#[derive(Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The code as it stands in `error_code`.
    pub code: &'static str,
    /// The number, where one is published.
    pub number: Option<u32>,
    /// The HTTP status it comes with. One code comes with 200: the goal was reached already.
    pub status: u16,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

/// Every published code, in the order of the vendor's page.
pub static CATALOGUE: &[CatalogueEntry] = &[
    entry("AUTH_USER_NOT_FOUND", Some(3_001), 401, false),
    entry("AUTH_USER_UNAUTHORISED", Some(3_002), 401, false),
    entry("AUTH_USER_INVALID_TOKEN", Some(3_003), 401, false),
    entry("USER_ACCESS_FORBIDDEN", Some(2), 403, false),
    entry("EXTERNAL_USER_FORBIDDEN", Some(3), 403, false),
    entry("ACCOUNT_INSUFFICIENT_PERMISSIONS", Some(1_003), 403, false),
    entry("CONVERSATIONS_NOT_FOUND", Some(5_001), 404, false),
    entry("CONVERSATIONS_VALIDATION_FAILED", Some(5_002), 400, false),
    entry("CONVERSATIONS_RECORDING_NOT_FOUND", Some(5_003), 404, false),
    entry("GET_CONVERSATIONS_FILTER_PARSE_ERROR", None, 400, false),
    entry("GET_CONVERSATIONS_INVALID_SORT_PARAMETER", None, 400, false),
    entry("CHAT_DRAFT_NOT_EXIST", Some(4_001), 400, false),
    entry("CHAT_TIMEOUT", Some(4_002), 400, true),
    entry("CHAT_DRAFT_DEPLOYMENT_FAILED", Some(4_003), 500, true),
    entry("ChatConversationEnded", None, 410, false),
    entry("DEPLOYMENT_NOT_FOUND", Some(6_001), 404, false),
    entry("DEPLOYMENTS_ALREADY_PUBLISHED", Some(6_009), 409, false),
    entry("DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED", Some(6_002), 200, false),
    entry("DEPLOYMENTS_VALIDATION_FAILED", Some(6_007), 400, false),
    entry("DEPLOYMENTS_INVALID_ENVIRONMENT", Some(6_008), 400, false),
    entry("ErrPreReleaseNotReady", None, 412, false),
    entry("FLOW_NOT_FOUND", Some(8_001), 404, false),
    entry("FLOWS_NAME_ALREADY_EXISTS", Some(8_003), 409, false),
    entry("FLOWS_FUNCTION_NAME_ALREADY_EXISTS", Some(8_004), 409, false),
    entry("FLOWS_RESERVED_PARAMETER_NAME", Some(8_005), 400, false),
    entry("FLOWS_RESERVED_FUNCTION_NAME", Some(8_006), 400, false),
    entry("FUNCTION_NOT_FOUND", Some(9_001), 404, false),
    entry("FUNCTIONS_DEPLOYMENT_HAS_ERRORS", Some(9_004), 400, false),
    entry("FUNCTION_EXECUTION_FAILED", Some(9_006), 400, false),
    entry("FUNCTION_FAILED_TO_PARSE", Some(9_007), 400, false),
    entry("FUNCTION_NAME_ALREADY_EXISTS", Some(9_009), 409, false),
    entry("FUNCTIONS_RESERVED_NAME", Some(9_010), 400, false),
    entry("KNOWLEDGE_BASE_TOPIC_ALREADY_EXISTS", Some(11_001), 409, false),
    entry("KNOWLEDGE_BASE_IMPORT_NO_CSV_FOUND", Some(11_002), 400, false),
    entry("KNOWLEDGE_BASE_IMPORT_INVALID_TYPE", Some(11_003), 415, false),
    entry("KNOWLEDGE_BASE_IMPORT_MISSING_COLUMNS", Some(11_004), 400, false),
    entry("KNOWLEDGE_BASE_TOPICS_INVALID", Some(11_005), 400, false),
    entry("KNOWLEDGE_BASE_RICH_TEXT_INVALID", Some(11_006), 400, false),
    entry("PHONE_NUMBERS_NOT_FOUND", Some(14_006), 404, false),
    entry("PHONE_NUMBERS_ALREADY_EXISTS", Some(14_007), 409, false),
    entry("PHONE_NUMBERS_INVALID_PHONE_NUMBER_FORMAT", Some(14_003), 400, false),
    entry("PHONE_NUMBERS_CONNECTOR_DOES_NOT_EXIST", Some(14_005), 404, false),
    entry("CONNECTORS_NOT_FOUND", Some(14_100), 404, false),
    entry("CONNECTORS_VALIDATION_FAILED", Some(14_101), 400, false),
    entry("VARIANTS_BAD_ATTRIBUTES_ERROR", Some(26_001), 400, false),
    entry("VARIANTS_DUPLICATE_NAME_ERROR", Some(26_002), 409, false),
    entry("VARIANTS_REMOVE_DEFAULT_ERROR", Some(26_003), 400, false),
    entry("VariantsImportInvalidDelimiter", None, 400, false),
    entry("VariantImportMissingColumnsHttp", None, 400, false),
    entry("VariantImportDuplicateColumnsHttp", None, 400, false),
    entry("REAL_TIME_CONFIG_FORBIDDEN_ACCESS", Some(29_001), 403, false),
    entry("REAL_TIME_CONFIG_INVALID_FOR_SCHEMA", Some(29_002), 400, false),
    entry("REAL_TIME_CONFIG_INVALID_SCHEMA", Some(29_004), 400, false),
    entry("REAL_TIME_CONFIG_UNKNOWN_CLIENT_ENVIRONMENT", Some(29_006), 400, false),
    entry("ACCOUNT_NOT_FOUND", Some(1_002), 404, false),
    entry("ACCOUNT_CREATE_INVALID_ID", Some(1_004), 400, false),
    entry("ACCOUNT_CREATE_EXISTING_ID", Some(1_006), 409, false),
    entry("PROJECT_NOT_FOUND", Some(15_001), 404, false),
    entry("PROJECT_ID_ALREADY_EXISTS", Some(15_005), 409, false),
    entry("PROJECT_ID_INVALID", Some(15_006), 400, false),
    entry("SMS_TEMPLATE_NOT_FOUND", Some(20_001), 404, false),
    entry("MissingTestCasesHttp", None, 422, false),
    entry("NoTestCasesHttp", None, 422, false),
    entry("SCHEMA_VALIDATION_FAILED", None, 400, false),
];

const fn entry(
    code: &'static str,
    number: Option<u32>,
    status: u16,
    retryable: bool,
) -> CatalogueEntry {
    CatalogueEntry { code, number, status, retryable }
}

#[cfg(test)]
mod tests {
    use super::CATALOGUE;

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
}
