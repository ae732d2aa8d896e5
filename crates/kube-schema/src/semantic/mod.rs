//! What the validation of the API server asks of built-in kinds beyond their schemas.
