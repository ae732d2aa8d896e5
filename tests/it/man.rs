//! `addon-pack man`.

use crate::run::Scratch;

#[test]
fn the_main_page_goes_to_stdout() {
    let run = Scratch::new().run(&["man"]).exits(0);
    assert!(run.stdout.contains(".TH addon-pack 1"), "{}", run.stdout);
}

#[test]
fn a_directory_gets_one_page_a_command() {
    let here = Scratch::new();
    here.run(&["man", "-d", "a/pages"]).exits(0);
    let pages = here.list("a/pages");
    for page in [
        "addon-pack.1",
        "addon-pack-man.1",
        "addon-pack-completion.1",
    ] {
        assert!(pages.iter().any(|name| name == page), "{page} of {pages:?}");
    }
    assert!(here.read("a/pages/addon-pack-man.1").contains("directory"));
}

#[test]
fn a_directory_that_cannot_be_made_is_reported_with_its_name() {
    let here = Scratch::new();
    here.write("file", "");
    let run = here.run(&["man", "-d", "file/pages"]).exits(3);
    assert!(run.stderr.contains("`file/pages/"), "{}", run.stderr);
}
