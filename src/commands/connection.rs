//! From options and environment to a client of a registry.
//!
//! Options win over `HELM_REPO_*` variables, as with `vela addon push` (kubevela `pkg/addon/push.go`
//! `SetFieldsFromEnv`), except that a flag cannot be switched off by one. Credentials in the URL count
//! least.

use crate::cli::connection::Connection;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::system;
use addon_publish::chartmuseum::{
    Address, Client, ClientError, ClientOptions, Credentials, Plain, Secret, Trust,
};
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a registry is.
#[derive(Debug)]
pub(crate) enum Target {
    /// In a directory.
    Directory(PathBuf),
    /// Behind a URL.
    Http(Box<Client>),
}

impl Target {
    /// Reads what the user named. Nothing is opened or sent yet, except that a password is read from
    /// stdin where that was asked for.
    ///
    /// # Errors
    /// [`Exit::Usage`] for a URL that is none or options that do not fit it, [`Exit::Input`] for
    /// certificates that cannot be read.
    pub(crate) fn new(text: &str, options: &Connection) -> Result<Self, Failure> {
        let Some((scheme, _)) = text.split_once("://") else {
            return Ok(Self::Directory(PathBuf::from(text)));
        };
        let plain = if enabled("HELM_REPO_USE_HTTP") {
            Plain::Http
        } else {
            Plain::Https
        };
        let context = given(options.context_path.as_ref(), "HELM_REPO_CONTEXT_PATH");
        let (address, in_url) =
            Address::parse(text, &context.unwrap_or_default(), plain).map_err(|error| {
                let failure = Failure::new(
                    Exit::Usage,
                    format!("the registry's URL cannot be used: {error}"),
                );
                if scheme.eq_ignore_ascii_case("oci") {
                    failure.help(
                        "OCI registries are not supported yet; name a directory or an http(s) URL",
                    )
                } else {
                    failure.help("name a directory, or a URL such as `https://addons.example.com`")
                }
            })?;
        let options = client_options(options, in_url)?;
        let client = Client::new(address, &options).or_exit(Exit::Usage)?;
        Ok(Self::Http(Box::new(client)))
    }

    /// What people see of it; a URL is without credentials and query.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Directory(directory) => directory.display().to_string(),
            Self::Http(client) => client.address().to_string(),
        }
    }
}

fn client_options(options: &Connection, in_url: Credentials) -> Result<ClientOptions, Failure> {
    let password = if options.password_stdin {
        Some(system::read_secret_line().map(Secret::new)?)
    } else {
        options
            .password
            .clone()
            .or_else(|| system::variable("HELM_REPO_PASSWORD").map(Secret::new))
    };
    let token = options
        .access_token
        .clone()
        .or_else(|| system::variable("HELM_REPO_ACCESS_TOKEN").map(Secret::new));
    let chosen = Credentials::choose(
        given(options.username.as_ref(), "HELM_REPO_USERNAME"),
        password,
        token,
        given(options.auth_header.as_ref(), "HELM_REPO_AUTH_HEADER"),
    );
    let file = |option: Option<&PathBuf>, variable| {
        option.cloned().or_else(|| set(variable).map(PathBuf::from))
    };
    let authorities = file(options.ca_file.as_ref(), "HELM_REPO_CA_FILE");
    let certificate = file(options.cert_file.as_ref(), "HELM_REPO_CERT_FILE");
    let key = file(options.key_file.as_ref(), "HELM_REPO_KEY_FILE");
    let identity = match (certificate, key) {
        (Some(certificate), Some(key)) => {
            let mut pem = read(&certificate)?;
            pem.push(b'\n');
            pem.extend(read(&key)?);
            Some(pem)
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(Failure::new(
                Exit::Usage,
                "a client certificate needs both `--cert-file` and `--key-file`",
            ));
        }
    };
    Ok(ClientOptions {
        credentials: match chosen {
            Credentials::Anonymous => in_url,
            chosen => chosen,
        },
        authorities: authorities.as_deref().map(read).transpose()?,
        identity,
        trust: if options.insecure || enabled("HELM_REPO_INSECURE") {
            Trust::Anybody
        } else {
            Trust::Verified
        },
        timeout: Duration::from_secs(options.timeout),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    system::read_file(path, 1 << 20)
        .with_context(|| format!("cannot read `{}`", path.display()))
        .or_exit(Exit::Input)
}

fn given(option: Option<&String>, variable: &str) -> Option<String> {
    option.cloned().or_else(|| set(variable))
}

fn set(variable: &str) -> Option<String> {
    system::variable(variable).filter(|value| !value.is_empty())
}

/// Whether a variable says yes, in the words of Go's `strconv.ParseBool`.
fn enabled(variable: &str) -> bool {
    set(variable)
        .is_some_and(|value| matches!(value.as_str(), "1" | "t" | "T" | "true" | "TRUE" | "True"))
}

/// The exit code that an error of a client stands for, and what may help.
pub(crate) fn client_failure(error: &ClientError) -> (Exit, Option<&'static str>) {
    match error {
        ClientError::Options(_) => (Exit::Usage, None),
        ClientError::Conflict { .. } => (Exit::Refused, Some(NEW_VERSION)),
        ClientError::Unauthorized { .. } => (
            Exit::Network,
            Some("give `--username` with `--password-stdin`, or `HELM_REPO_ACCESS_TOKEN`"),
        ),
        ClientError::Refused { status: 404, .. } => (
            Exit::Network,
            Some(
                "check the URL and `--context-path`: the API is expected at `api/charts` below it",
            ),
        ),
        ClientError::Refused { status, .. }
            if (400..500).contains(status) && *status != 408 && *status != 429 =>
        {
            (Exit::Refused, None)
        }
        ClientError::Untrusted { .. } => (
            Exit::Network,
            Some("name the authority that signed it with `--ca-file`, if you trust it"),
        ),
        ClientError::NoIdentity { .. } => (
            Exit::Network,
            Some("show another with `--cert-file` and `--key-file`"),
        ),
        ClientError::NoAnswer { .. }
        | ClientError::Refused { .. }
        | ClientError::TooLarge { .. } => (Exit::Network, None),
        ClientError::Redirect { .. } => (
            Exit::Network,
            Some("if you trust that place, publish to it by its own URL"),
        ),
    }
}

/// What to do about a version that is published with other bytes.
pub(crate) const NEW_VERSION: &str =
    "raise the version in metadata.yaml; `--skip-existing` leaves it alone, `--force` replaces it";
