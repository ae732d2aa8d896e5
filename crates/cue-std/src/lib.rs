//! The CUE standard packages as native builtins, one file a package.
//!
//! [`Standard`] is the table: it maps an import path to the function that makes the package, and
//! makes it when asked, so that a program pays for what it imports only. A host adds its own
//! packages (`vela/op`, `vela/ql`) with [`Standard::with_package`]; these win over ours.
//!
//! Bodies are pure: no file, clock, thread or socket. Behaviour follows cue v0.14.1 `pkg/...` and,
//! below that, Go's standard library (layouts of `time`, quoting of `strconv`, `text/template`).
//!
//! ```
//! use cue_eval::builtin::Builtins;
//! use cue_std::{Builder, Standard};
//!
//! let mut op = Builder::new("vela/op");
//! op.constant("version", "v1");
//! let packages = Standard::new().with_package(op.build());
//! assert!(packages.package("strings").is_some());
//! assert!(packages.package("vela/op").is_some());
//! assert!(packages.package("tool/exec").is_none());
//! ```

mod crypto;
pub mod encoding;
mod go_text;
mod html;
mod list;
mod math;
mod net;
mod package;
mod path;
mod regexp;
mod strconv;
mod strings;
mod structs;
mod text;
mod time;
mod uuid;

pub use package::Builder;

use cue_eval::builtin::{Builtins, Package};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The standard packages, and those that a host adds.
#[derive(Clone, Debug, Default)]
pub struct Standard {
    added: BTreeMap<String, Arc<Package>>,
}

impl Standard {
    /// The standard packages alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one package more.
    #[must_use]
    pub fn with_package(mut self, package: Package) -> Self {
        self.added.insert(package.path.clone(), Arc::new(package));
        self
    }
}

impl Builtins for Standard {
    fn package(&self, path: &str) -> Option<Arc<Package>> {
        if let Some(package) = self.added.get(path) {
            return Some(Arc::clone(package));
        }
        let fill: fn(&mut Builder) = match path {
            "crypto/ed25519" => crypto::ed25519,
            "crypto/hmac" => crypto::hmac,
            "crypto/md5" => crypto::md5,
            "crypto/sha1" => crypto::sha1,
            "crypto/sha256" => crypto::sha256,
            "crypto/sha512" => crypto::sha512,
            "encoding/base64" => encoding::base64::fill,
            "encoding/csv" => encoding::csv::fill,
            "encoding/hex" => encoding::hex::fill,
            "encoding/json" => encoding::json::fill,
            "encoding/toml" => encoding::toml::fill,
            "encoding/yaml" => encoding::yaml::fill,
            "html" => html::fill,
            "list" => list::fill,
            "math" => math::fill,
            "math/bits" => math::bits,
            "net" => net::fill,
            "path" => path::fill,
            "regexp" => regexp::fill,
            "strconv" => strconv::fill,
            "strings" => strings::fill,
            "struct" => structs::fill,
            "text/tabwriter" => text::tabwriter::fill,
            "text/template" => text::template::fill,
            "time" => time::fill,
            "uuid" => uuid::fill,
            _ => return None,
        };
        let mut builder = Builder::new(path);
        fill(&mut builder);
        Some(Arc::new(builder.build()))
    }
}
