//! What a person names to have it looked at: an archive or a registry, here or behind a URL.
//!
//! | named | meant |
//! |---|---|
//! | `-`, `x.tgz`, `https://h/charts/x.tgz` | an archive |
//! | `registry`, `https://h`, `https://h/index.yaml` | a registry |
//! | `registry#name`, `registry/name@1.0.0`, `https://h/index.yaml#name@1.0.0` | an archive of a registry |
//!
//! What exists on the disk under the whole text is that. An archive of a registry is found through the index and
//! has the digest that the index gives.

use super::archives::{self, ARCHIVE_LIMIT, Opened};
use super::build::{INDEX, INDEX_LIMIT};
use super::connection::{Target, client_failure};
use super::pull;
use crate::cli::connection::Connection;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_publish::pull::{Source, file_name};
use addon_publish::store::DirectoryStore;
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// What was named.
#[derive(Debug)]
pub(crate) enum Named {
    /// An archive.
    Archive(Opened),
    /// The index of a registry.
    Registry {
        /// The place, as people see it.
        shown: String,
        /// The text of its `index.yaml`.
        index: Vec<u8>,
    },
}

/// Where it is, before anything is read.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    /// A file, or `-`.
    File(&'a Path),
    Directory(&'a Path, Option<&'a str>),
    /// A URL without its fragment, and whether it is that of an archive.
    Url(&'a str),
    /// The URL of a registry, and which addon of it.
    Registry(String, Option<&'a str>),
}

/// Reads what `source` names, of an archive the contents of the files that `wanted` names.
///
/// # Errors
/// [`Exit::Input`] for what cannot be read, [`Exit::Network`] for a registry that does not give it,
/// [`Exit::Findings`] for an archive that is none, [`Exit::Refused`] for one with another digest.
pub(crate) fn open(
    source: &Path,
    connection: &Connection,
    printer: &Printer,
    wanted: impl Fn(&str) -> bool,
) -> Result<Named, Failure> {
    match place(source)? {
        Place::File(path) => archives::open(path, wanted).map(Named::Archive),
        Place::Directory(directory, None) => index(directory),
        Place::Directory(directory, Some(addon)) => {
            let shown = directory.display().to_string();
            if system::path_kind(directory).or_exit(Exit::Input)? != PathKind::Directory {
                let message = format!("`{shown}` is not a directory");
                return Err(Failure::new(Exit::Input, message));
            }
            let store = Source::Directory(DirectoryStore::new(directory));
            archive(&store, &shown, addon, printer, wanted).map(Named::Archive)
        }
        Place::Url(url) => {
            let (client, shown) = client(url, connection)?;
            let found = client.download("", ARCHIVE_LIMIT).map_err(|error| {
                let (exit, help) = client_failure(&error);
                Failure {
                    exit,
                    error: error.into(),
                    help: help.map(str::to_owned),
                }
            })?;
            let bytes = found.ok_or_else(|| {
                Failure::new(Exit::Network, format!("there is nothing at `{shown}`"))
            })?;
            archives::opened(bytes.to_vec(), &shown, wanted).map(Named::Archive)
        }
        Place::Registry(url, addon) => {
            let (client, shown) = client(&url, connection)?;
            let source = Source::Http(client);
            match addon {
                Some(addon) => archive(&source, &shown, addon, printer, wanted).map(Named::Archive),
                None => Ok(Named::Registry {
                    index: source
                        .index()
                        .map_err(|error| pull::failure(error, &shown))?
                        .to_vec(),
                    shown,
                }),
            }
        }
    }
}

fn place(source: &Path) -> Result<Place<'_>, Failure> {
    let text = source.to_str().unwrap_or_default();
    if text.contains("://") {
        return Ok(url(text));
    }
    if text == "-" {
        return Ok(Place::File(source));
    }
    let kind = |path: &Path| system::path_kind(path).or_exit(Exit::Input);
    match kind(source)? {
        PathKind::File => return Ok(Place::File(source)),
        PathKind::Directory => return Ok(Place::Directory(source, None)),
        PathKind::Absent => {}
    }
    if let Some((registry, addon)) = text.rsplit_once('#') {
        let registry = registry.strip_suffix("/index.yaml").unwrap_or(registry);
        return Ok(Place::Directory(Path::new(registry), Some(addon)));
    }
    // vela's form: the registry, a slash, the addon
    if let Some((registry, addon)) = text.rsplit_once('/')
        && kind(&Path::new(registry).join(INDEX))? == PathKind::File
    {
        return Ok(Place::Directory(Path::new(registry), Some(addon)));
    }
    Ok(Place::File(source))
}

fn url(text: &str) -> Place<'_> {
    let (whole, addon) = match text.split_once('#') {
        Some((whole, addon)) => (whole, Some(addon)),
        None => (text, None),
    };
    let (path, query) = match whole.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (whole, None),
    };
    if addon.is_none() && PathBuf::from(path).extension() == Some("tgz".as_ref()) {
        return Place::Url(whole);
    }
    let registry = path.strip_suffix("/index.yaml").unwrap_or(path);
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    Place::Registry(format!("{registry}{query}"), addon)
}

fn client(
    url: &str,
    connection: &Connection,
) -> Result<(Box<addon_publish::chartmuseum::Client>, String), Failure> {
    let target = Target::new(url, connection)?;
    let shown = target.shown();
    match target {
        Target::Http(client) => Ok((client, shown)),
        Target::Directory(_) => Err(Failure::new(Exit::Usage, format!("`{shown}` is no URL"))),
    }
}

fn index(directory: &Path) -> Result<Named, Failure> {
    let path = directory.join(INDEX);
    let shown = directory.display().to_string();
    if system::path_kind(&path).or_exit(Exit::Input)? == PathKind::Absent {
        return Err(
            Failure::new(Exit::Input, format!("`{shown}` has no index.yaml"))
                .help("name an archive, or the directory of a registry"),
        );
    }
    let index = system::read_file(&path, INDEX_LIMIT)
        .with_context(|| format!("cannot read `{}`", path.display()))
        .or_exit(Exit::Input)?;
    Ok(Named::Registry { shown, index })
}

/// An archive of a registry; `addon` is `name` or `name@version`.
fn archive(
    source: &Source,
    shown: &str,
    addon: &str,
    printer: &Printer,
    wanted: impl Fn(&str) -> bool,
) -> Result<Opened, Failure> {
    let (name, version) = match addon.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (addon, None),
    };
    let fail = |error| pull::failure(error, shown);
    let listing = source.find(name, version).map_err(fail)?;
    if listing.digest.is_none() {
        printer.warning(&format!(
            "the index of `{shown}` has no digest for {name} {}, so nobody knows whether these are the right bytes",
            listing.id.version()
        ));
    }
    let bytes = source.archive(&listing, ARCHIVE_LIMIT).map_err(fail)?;
    archives::opened(bytes.to_vec(), file_name(&listing.id), wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_archives_or_registries() {
        let registry = |url: &str, addon| Place::Registry(url.to_owned(), addon);
        for (text, wanted) in [
            (
                "https://h/charts/a-1.0.0.tgz",
                Place::Url("https://h/charts/a-1.0.0.tgz"),
            ),
            (
                "https://h/a.tgz?token=t",
                Place::Url("https://h/a.tgz?token=t"),
            ),
            ("https://h", registry("https://h", None)),
            ("https://h/x/index.yaml", registry("https://h/x", None)),
            (
                "https://h/index.yaml?t=1#a@2",
                registry("https://h?t=1", Some("a@2")),
            ),
            ("https://h/x/#a", registry("https://h/x/", Some("a"))),
        ] {
            assert_eq!(url(text), wanted, "{text}");
        }
    }
}
