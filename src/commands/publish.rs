//! `publish`: addons into a directory or a registry, each told how it went.
//!
//! Everything is packaged and read before anything is published, and the registry is locked only for the
//! publishing itself. Addons go in the order of their dependencies; one that is refused does not stop
//! the others. The exit code is that of the first addon that did not make it. A signal ends it between two addons.

use super::connection::{NEW_VERSION, Target, client_failure};
use super::packages::{Failed, Packed};
use super::publish_report::{Item, Outcome, Report};
use super::workspace::place_for;
use crate::cli::publish::{Arguments, Format};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::interrupt;
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_publish::chartmuseum::{Client, ClientError, Existing, Uploaded};
use addon_publish::dependency_order;
use addon_publish::pull::{PullError, Source};
use addon_publish::registry::{Package, Policy, PublishError, Published, Registry};
use addon_publish::store::{DirectoryStore, Store as _};
use source_vocab::Timestamp;
use std::path::Path;
use std::sync::Arc;

/// Publishes and reports.
///
/// # Errors
/// A failure when nothing could be tried; what concerns one addon is in the report.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let created = system::source_date_epoch()?.unwrap_or(addon_archive::EPOCH);
    let target = Target::new(&to(arguments, printer)?, &arguments.connection)?;
    let Packed {
        packages,
        failed,
        warnings,
    } = super::packages::pack(arguments, created, printer)?;
    let packages = dependency_order(packages);
    let mut report = Report::new(&target, arguments, warnings);
    for Failed { path, exit, reason } in failed {
        report.add(
            Item::of_path(
                &path,
                Outcome::Failed {
                    exit,
                    reason,
                    help: None,
                },
            ),
            printer,
        );
    }
    match &target {
        Target::Directory(directory) => {
            into_directory(
                directory,
                &packages,
                created,
                arguments,
                &mut report,
                printer,
            )?;
        }
        Target::Http(_) => {}
    }
    if let Target::Http(client) = target {
        into_registry(client, &packages, arguments, &mut report, printer);
    }
    if arguments.format == Format::Json {
        printer.json(&report.json());
    } else {
        report.summary(printer);
    }
    Ok(report.exit())
}

fn policy(arguments: &Arguments) -> Policy {
    if arguments.force {
        Policy::Force
    } else {
        Policy::Immutable
    }
}

fn into_directory(
    directory: &Path,
    packages: &[Package],
    created: Timestamp,
    arguments: &Arguments,
    report: &mut Report,
    printer: &Printer,
) -> Result<(), Failure> {
    if system::path_kind(directory).or_exit(Exit::Input)? == PathKind::File {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "`{}` is a file, expected a directory or a URL",
                directory.display()
            ),
        ));
    }
    let store = DirectoryStore::new(directory);
    #[cfg(debug_assertions)]
    let store = match system::crash_test() {
        Some(observer) => store.with_observer(observer),
        None => store,
    };
    let store = Arc::new(store);
    // A rehearsal writes nothing, not even a lock.
    let lock = if arguments.dry_run || packages.is_empty() {
        None
    } else {
        if store.try_lock_alone().or_exit(Exit::Input)?.is_none() {
            printer.note(&format!(
                "waiting for another publisher of `{}`",
                directory.display()
            ));
        }
        Some(store.writer().or_exit(Exit::Input)?)
    };
    let registry = Registry::open(Arc::clone(&store) as Arc<_>).or_exit(Exit::Input)?;
    if let Some(lock) = &lock {
        // What an earlier run was killed over.
        registry.repair_alone(lock).or_exit(Exit::Input)?;
    }
    refuse_foreign_index(&registry, directory)?;
    let work = lock.as_ref().map(|_| interrupt::work());
    for package in packages {
        if interrupt::interrupted() {
            break;
        }
        let result = if arguments.dry_run {
            registry.rehearse(package, policy(arguments))
        } else {
            registry.publish(package, policy(arguments), created)
        };
        let outcome = match result {
            Ok(published) => done(&published, arguments),
            Err(PublishError::VersionConflict { published, .. }) if arguments.skip_existing => {
                Outcome::Skipped {
                    existing: Some(published.digest().clone()),
                }
            }
            Err(error) => refused(&error),
        };
        report.add(Item::new(package, outcome), printer);
    }
    if let Some(lock) = lock {
        registry.write_index().or_exit(Exit::Input)?;
        registry.repair_alone(&lock).or_exit(Exit::Input)?;
    }
    drop(work);
    interrupt::end_if_interrupted();
    for problem in registry.problems() {
        printer.warning(&format!(
            "`{}` is not in the index: {}",
            problem.key, problem.problem
        ));
    }
    Ok(())
}

/// Where the addons are published.
///
/// # Errors
/// When the workspace file is wrong.
fn to(arguments: &Arguments, printer: &Printer) -> Result<String, Failure> {
    let of_environment = || system::variable("ADDON_PACK_REGISTRY").filter(|text| !text.is_empty());
    if let Some(named) = arguments.to.clone().or_else(of_environment) {
        return Ok(named);
    }
    let place = place_for(&arguments.paths, |file| file.registry.as_ref(), printer)?;
    Ok(place.map_or_else(
        || "registry".to_owned(),
        |place| place.display().to_string(),
    ))
}

/// An index that lists what this registry does not know was made by another tool; ours would replace it.
fn refuse_foreign_index(registry: &Registry, directory: &Path) -> Result<(), Failure> {
    let unknown = registry.unknown_in_index().or_exit(Exit::Input)?;
    let Some((name, version)) = unknown.first() else {
        return Ok(());
    };
    Err(Failure::new(
        Exit::Refused,
        format!(
            "the index of `{}` lists {} version(s) that were not published by this tool, the first is {name} {version}",
            directory.display(),
            unknown.len()
        ),
    )
    .help("publish into a directory of its own, together with the archives that are there"))
}

fn done(published: &Published, arguments: &Arguments) -> Outcome {
    match (published, arguments.dry_run) {
        (Published::New(_), false) => Outcome::Published,
        (Published::New(_), true) => Outcome::WouldPublish,
        (Published::Replaced(_), false) => Outcome::Replaced,
        (Published::Replaced(_), true) => Outcome::WouldReplace,
        (Published::Completed(_), false) => Outcome::Completed,
        (Published::Completed(_), true) => Outcome::WouldPublish,
        (Published::Same(_), _) => Outcome::Unchanged,
    }
}

fn refused(error: &PublishError) -> Outcome {
    let (exit, help) = match error {
        PublishError::VersionConflict { .. } => (Exit::Refused, Some(NEW_VERSION)),
        PublishError::Deleted { .. } => (
            Exit::Refused,
            Some("raise the version in metadata.yaml; `--force` takes the number back"),
        ),
        PublishError::FileTaken { .. } => (Exit::Refused, None),
        PublishError::DamagedEntry { .. } => (
            Exit::Input,
            Some("restore the file, or replace it with `--force`"),
        ),
        PublishError::Id(_) => (Exit::Findings, None),
        PublishError::Registry(_) => (Exit::Input, None),
    };
    Outcome::Failed {
        exit,
        reason: error.to_string(),
        help,
    }
}

fn into_registry(
    client: Box<Client>,
    packages: &[Package],
    arguments: &Arguments,
    report: &mut Report,
    printer: &Printer,
) {
    if arguments.dry_run {
        let source = Source::Http(client);
        for package in packages {
            let outcome = rehearse_upload(&source, package, arguments);
            report.add(Item::new(package, outcome), printer);
        }
        return;
    }
    for package in packages {
        let outcome = match client.upload(package, policy(arguments)) {
            Ok(Uploaded::New) => Outcome::Published,
            Ok(Uploaded::Later) => Outcome::Accepted,
            Ok(Uploaded::Same) => Outcome::Unchanged,
            Ok(Uploaded::Replaced) => Outcome::Replaced,
            Err(ClientError::Conflict { existing }) if arguments.skip_existing => {
                Outcome::Skipped {
                    existing: match existing {
                        Existing::Archive(digest) => Some(digest),
                        Existing::Unknown => None,
                    },
                }
            }
            Err(error) => {
                let (exit, help) = client_failure(&error);
                Outcome::Failed {
                    exit,
                    reason: error.to_string(),
                    help,
                }
            }
        };
        report.add(Item::new(package, outcome), printer);
    }
}

/// What an upload would do, as far as the index of the registry tells.
fn rehearse_upload(source: &Source, package: &Package, arguments: &Arguments) -> Outcome {
    let listing = match source.find(&package.name, Some(&package.version)) {
        Ok(listing) => listing,
        // A registry without an index has nothing in it yet.
        Err(PullError::NoAddon(_) | PullError::NoVersion { .. } | PullError::NoIndex) => {
            return Outcome::WouldPublish;
        }
        Err(error) => {
            let (exit, help) = match &error {
                PullError::Client(error) => client_failure(error),
                _ => (Exit::Network, None),
            };
            return Outcome::Failed {
                exit,
                reason: error.to_string(),
                help,
            };
        }
    };
    if listing.digest.as_ref() == Some(&package.digest) {
        Outcome::Unchanged
    } else if arguments.force {
        Outcome::WouldReplace
    } else if arguments.skip_existing {
        Outcome::Skipped {
            existing: listing.digest,
        }
    } else {
        Outcome::Failed {
            exit: Exit::Refused,
            reason: "the version is published with other bytes".to_owned(),
            help: Some(NEW_VERSION),
        }
    }
}
