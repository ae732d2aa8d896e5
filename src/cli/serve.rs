//! `addon-pack serve`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack serve                                  serve registry/ to this machine
  addon-pack serve /srv/addons --listen 0.0.0.0:80  serve a directory to everybody
  ADDON_PACK_SERVE_TOKEN=… addon-pack serve --anonymous-read
                                                    everybody may read, the token may publish

Credentials come from the environment only, never from arguments:
  ADDON_PACK_SERVE_USERNAME, ADDON_PACK_SERVE_PASSWORD   a user (HTTP basic)
  ADDON_PACK_SERVE_TOKEN                                 a token (bearer, or as basic password)";

/// The most that can be asked for as the limit of an upload: an upload is held in memory.
pub(crate) const MOST_UPLOAD_BYTES: u64 = 100 << 20;

/// Arguments of `serve`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The registry to serve; it is made when it does not exist
    #[arg(value_name = "DIR", default_value = "registry")]
    pub(crate) directory: PathBuf,

    /// Where to listen; with port 0 the system chooses one, and stdout tells which
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,

    /// Let everybody read, also when credentials are set
    #[arg(long)]
    pub(crate) anonymous_read: bool,

    /// Take archives whose Chart.yaml has another version than metadata.yaml; the one of Chart.yaml counts
    ///
    /// `vela addon push --version` and `helm cm-push --version` make such archives.
    #[arg(long)]
    pub(crate) accept_pushed_version: bool,

    /// Put this path before all routes
    #[arg(long, value_name = "PATH", default_value = "")]
    pub(crate) context_path: String,

    /// The most bytes of an upload [default: 20971520, env: `ADDON_PACK_SERVE_MAX_UPLOAD_SIZE`]
    ///
    /// What it may unpack to does not follow: Helm reads no archive of more than 100 MiB.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..=MOST_UPLOAD_BYTES))]
    pub(crate) max_upload_size: Option<u64>,

    /// The address that pages show to copy, where a proxy stands before this server
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
}
