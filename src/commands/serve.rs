//! `addon-pack serve`: a directory as a registry over HTTP, until the process is told to stop.
//!
//! SIGTERM and SIGINT end it gracefully: requests under way are finished, and the exit code is 0.

use std::sync::Arc;

use addon_publish::{
    registry::Registry,
    store::{DirectoryStore, Store},
};
use registry_server::{Access, AnonymousRead, Clock, ContextPath, Limits, Options, Versions};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    cli::serve::{Arguments, MOST_UPLOAD_BYTES},
    exit::{CommandResult, Exit, Failure, OrExit as _},
    printer::Printer,
    system,
};

/// Threads that may wait for the disk at the same time.
const DISK_THREADS: usize = 32;

/// Serves until a signal.
///
/// # Errors
/// A usage failure for wrong options, an input failure for a directory that cannot be read, a network
/// failure for an address that cannot be listened on.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let options = options(arguments)?;
    let shown = arguments.directory.display();
    let store: Arc<dyn Store> = Arc::new(DirectoryStore::new(&arguments.directory));
    let registry = Registry::open(store).or_exit(Exit::Input)?;
    if let Err(error) = registry.repair() {
        // a directory that can only be read can still be served
        printer.warning(&format!("{error}"));
    }
    for problem in registry.problems() {
        printer.warning(&format!("`{}`: {}", problem.key, problem.problem));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(DISK_THREADS)
        .build()
        .or_exit(Exit::Bug)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(&arguments.listen)
            .await
            .map_err(|source| {
                Failure::new(
                    Exit::Network,
                    format!("cannot listen on `{}`: {source}", arguments.listen),
                )
                .help("choose another address with `--listen`")
            })?;
        let address = listener.local_addr().or_exit(Exit::Network)?;
        let (terminate, interrupt) = (
            signal(SignalKind::terminate()).or_exit(Exit::Bug)?,
            signal(SignalKind::interrupt()).or_exit(Exit::Bug)?,
        );
        let url = format!("http://{address}{}", options.context_path.as_str());
        if options.access.is_open() && !address.ip().is_loopback() {
            printer.warning(
                "everybody who reaches this address may publish; set ADDON_PACK_SERVE_TOKEN to change that",
            );
        }
        let versions = registry.view().entries().len();
        printer.status("Serving", &format!("{shown} ({versions} versions)"));
        let public = options.public_url.as_deref().unwrap_or(&url);
        printer.note(&format!(
            "             vela addon registry add addons --type=helm --endpoint={public}"
        ));
        printer.data(&format!("{url}\n"));
        let clock = Clock::new(system::now);
        let stop = either(terminate, interrupt);
        registry_server::serve(Arc::new(registry), listener, options, clock, stop).await;
        printer.status("Stopped", &format!("{shown}"));
        Ok(Exit::Success)
    })
}

async fn either(mut first: Signal, mut second: Signal) {
    tokio::select! {
        _ = first.recv() => {}
        _ = second.recv() => {}
    }
}

fn options(arguments: &Arguments) -> Result<Options, Failure> {
    let variable = |name: &str| system::variable(name).filter(|value| !value.is_empty());
    let mut access = Access::open().with_anonymous_read(if arguments.anonymous_read {
        AnonymousRead::Allowed
    } else {
        AnonymousRead::Refused
    });
    match (
        variable("ADDON_PACK_SERVE_USERNAME"),
        variable("ADDON_PACK_SERVE_PASSWORD"),
    ) {
        (Some(user), Some(password)) => access = access.with_user(&user, &password),
        (None, None) => {}
        _ => {
            return Err(Failure::new(
                Exit::Usage,
                "`ADDON_PACK_SERVE_USERNAME` and `ADDON_PACK_SERVE_PASSWORD` are only good together",
            ));
        }
    }
    if let Some(token) = variable("ADDON_PACK_SERVE_TOKEN") {
        access = access.with_token(&token);
    }
    let public_url = arguments.public_url.clone();
    if let Some(url) = public_url.as_deref().filter(|url| !is_plain_url(url)) {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "`{url}` is not the address of a registry: expected `http://` or `https://`, a host and a path"
            ),
        ));
    }
    let mut limits = Limits::default();
    if let Some(bytes) = max_upload_size(arguments)? {
        limits.body_bytes = bytes;
    }
    Ok(Options {
        limits,
        access,
        versions: if arguments.accept_pushed_version {
            Versions::OfChart
        } else {
            Versions::Agree
        },
        context_path: ContextPath::parse(&arguments.context_path).or_exit(Exit::Usage)?,
        public_url,
    })
}

fn max_upload_size(arguments: &Arguments) -> Result<Option<usize>, Failure> {
    const NAME: &str = "ADDON_PACK_SERVE_MAX_UPLOAD_SIZE";
    let bytes = match (arguments.max_upload_size, system::variable(NAME)) {
        (Some(bytes), _) => Some(bytes),
        (None, Some(text)) if !text.is_empty() => {
            let bytes = text.parse().ok();
            let fits = bytes.filter(|bytes| (1..=MOST_UPLOAD_BYTES).contains(bytes));
            Some(fits.ok_or_else(|| {
                let message = format!(
                    "`{NAME}` is `{text}`, expected a number of bytes up to {MOST_UPLOAD_BYTES}"
                );
                Failure::new(Exit::Usage, message)
            })?)
        }
        (None, _) => None,
    };
    Ok(bytes.and_then(|bytes| usize::try_from(bytes).ok()))
}

/// Whether a URL can stand in a line that people paste into a shell.
fn is_plain_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/[]".contains(&byte))
    })
}
