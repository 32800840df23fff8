//! Scenarios that cross products: `it/` (client and simulator, natively), `edge/` (the worker in real
//! workerd) and `browser/` (everything, in Chromium). `support/` starts and stops the parts.
