//! What may pass: pure decisions, tested natively, applied by the runtime modules.

pub mod admit;
pub mod agent;
pub mod attempts;
pub mod audit;
pub mod controls;
pub mod cookie;
pub mod cross_site;
pub mod duty;
pub mod event;
pub mod files;
pub mod frames;
pub mod gate;
pub mod headers;
pub mod ice;
pub mod identity;
pub mod origin;
pub mod path;
pub mod personal;
pub mod planes;
pub mod signalling;
pub mod summary;
pub mod tenancy;
pub mod trace;
