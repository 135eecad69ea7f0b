//! All integration tests, in one binary: through the public API only.

mod layers;
