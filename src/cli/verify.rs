//! `addon-pack verify`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack verify dist/fluxcd-3.0.2.tgz
  addon-pack verify dist/fluxcd-3.0.2.tgz --rebuild addons/fluxcd
  addon-pack verify registry
  addon-pack verify registry --rebuild addon

With --rebuild, an archive is made again from its source and compared byte for byte; set
SOURCE_DATE_EPOCH as it was when the archive was made.";

/// Arguments of `verify`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// An archive, or a directory with an index.yaml
    #[arg(value_name = "ARCHIVE|REGISTRY")]
    pub(crate) subject: PathBuf,

    /// The addon, or folder of addons, that the archives were made from
    #[arg(long, value_name = "DIR")]
    pub(crate) rebuild: Option<PathBuf>,

    /// Rebuild as `build --no-verify` does
    #[arg(long, requires = "rebuild")]
    pub(crate) no_verify: bool,
}
