//! Requirements against what KubeVela answered to each pair (`data/requirements.tsv`).

use addon_index::requirement::admits;

#[test]
fn requirements_are_decided_as_kubevela_decides_them() {
    let table = include_str!("data/requirements.tsv");
    let mut seen = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let [required, actual, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line:?}");
        };
        let answer = admits(required, actual).map_or("error".to_owned(), |fits| fits.to_string());
        assert_eq!(answer, expected, "{actual:?} for {required:?}");
        seen += 1;
    }
    assert!(seen > 700, "{seen} rows");
}
