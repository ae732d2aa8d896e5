//! How to reach a registry over HTTP: the options that `vela addon push` and `helm cm-push` have.
//!
//! Each has its `HELM_REPO_*` variable, which is read by the command, not here, so that no help text or
//! debug output can ever show a secret of the environment.

use addon_publish::chartmuseum::Secret;
use clap::Args;
use std::path::PathBuf;

/// Options of commands that talk to a registry.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Registry options")]
pub(crate) struct Connection {
    /// User name for basic authentication [env: `HELM_REPO_USERNAME`]
    #[arg(long, short, value_name = "NAME")]
    pub(crate) username: Option<String>,

    /// Password; other users of the machine can see it, so rather use --password-stdin or the
    /// environment [env: `HELM_REPO_PASSWORD`]
    #[arg(long, short, value_name = "SECRET", value_parser = secret, conflicts_with = "password_stdin")]
    pub(crate) password: Option<Secret>,

    /// Read the password from stdin
    #[arg(long)]
    pub(crate) password_stdin: bool,

    /// Token, sent as `Authorization: Bearer` [env: `HELM_REPO_ACCESS_TOKEN`]
    #[arg(long, value_name = "SECRET", value_parser = secret)]
    pub(crate) access_token: Option<Secret>,

    /// Send the token in this header instead [env: `HELM_REPO_AUTH_HEADER`]
    #[arg(long, value_name = "HEADER")]
    pub(crate) auth_header: Option<String>,

    /// Path in front of the registry's API [env: `HELM_REPO_CONTEXT_PATH`]
    #[arg(long, value_name = "PATH")]
    pub(crate) context_path: Option<String>,

    /// Trust the authorities in this PEM file, and no others [env: `HELM_REPO_CA_FILE`]
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Show this PEM certificate to the registry [env: `HELM_REPO_CERT_FILE`]
    #[arg(long, value_name = "FILE")]
    pub(crate) cert_file: Option<PathBuf>,

    /// The PEM key of --cert-file [env: `HELM_REPO_KEY_FILE`]
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,

    /// Accept any certificate of the registry [env: `HELM_REPO_INSECURE`]
    #[arg(long)]
    pub(crate) insecure: bool,

    /// Seconds that one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "clap asks for a parser that can fail"
)]
fn secret(text: &str) -> Result<Secret, std::convert::Infallible> {
    Ok(Secret::new(text))
}
