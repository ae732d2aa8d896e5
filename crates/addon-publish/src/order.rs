//! The order in which several addons are published: what others need comes first.
//!
//! A reader who enables an addon the moment it appears must find its dependencies. So the addons are
//! visited in the given order, and each is put behind those of them that it depends on (a depth-first
//! topological sort). A cycle is cut where the visit comes back to an addon that is not done; vela has
//! its own opinion about such addons, and any order serves them equally.

use rustc_hash::FxHashMap;

use crate::registry::Package;

/// Where a visit stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Entered,
}

/// Sorts packages so that each comes after the packages of the addons it depends on, and otherwise stays where
/// it was.
pub fn dependency_order(packages: Vec<Package>) -> Vec<Package> {
    let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (place, package) in packages.iter().enumerate() {
        by_name.entry(package.name.clone()).or_default().push(place);
    }
    let mut marks = vec![Mark::New; packages.len()];
    let mut order = Vec::with_capacity(packages.len());
    // A frame is a package and how many of its dependencies have been followed; no recursion, because the
    // names come from files of others.
    for start in 0..packages.len() {
        let mut stack = vec![(start, follow(&packages, &by_name, start))];
        if mark(&mut marks, start) == Mark::Entered {
            continue;
        }
        while let Some((place, pending)) = stack.last_mut() {
            match pending.pop() {
                Some(next) if mark(&mut marks, next) == Mark::New => {
                    stack.push((next, follow(&packages, &by_name, next)));
                }
                Some(_) => {}
                None => {
                    order.push(*place);
                    stack.pop();
                }
            }
        }
    }
    let mut slots: Vec<_> = packages.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|place| slots.get_mut(place).and_then(Option::take))
        .collect()
}

/// Enters a place; gives what its mark was.
fn mark(marks: &mut [Mark], place: usize) -> Mark {
    marks
        .get_mut(place)
        .map_or(Mark::Entered, |mark| std::mem::replace(mark, Mark::Entered))
}

/// The places of what a package depends on, the last first.
fn follow(
    packages: &[Package],
    by_name: &FxHashMap<String, Vec<usize>>,
    place: usize,
) -> Vec<usize> {
    let Some(package) = packages.get(place) else {
        return Vec::new();
    };
    let mut places: Vec<_> = package
        .dependencies
        .iter()
        .filter_map(|name| by_name.get(name))
        .flatten()
        .copied()
        .collect();
    places.reverse();
    places
}

#[cfg(test)]
mod tests {
    use super::dependency_order;
    use crate::registry::tests::package;

    fn order(addons: &[(&str, &[&str])]) -> Vec<String> {
        let packages = addons
            .iter()
            .map(|(name, needs)| {
                let mut package = package(name, "1.0.0", name);
                package.dependencies = needs.iter().map(|&name| name.to_owned()).collect();
                package
            })
            .collect();
        let sorted = dependency_order(packages);
        sorted.into_iter().map(|package| package.name).collect()
    }

    #[test]
    fn what_is_needed_comes_first_and_the_rest_stays() {
        assert_eq!(
            order(&[("a", &[]), ("b", &[]), ("c", &[])]),
            ["a", "b", "c"]
        );
        assert_eq!(
            order(&[
                ("app", &["db", "web"]),
                ("web", &["net"]),
                ("z", &[]),
                ("net", &[]),
                ("db", &[])
            ]),
            ["db", "net", "web", "app", "z"]
        );
        assert_eq!(order(&[("a", &["elsewhere"]), ("b", &["a"])]), ["a", "b"]);
    }

    #[test]
    fn a_cycle_loses_nobody() {
        assert_eq!(
            order(&[("a", &["b"]), ("b", &["a"]), ("c", &["c"])]),
            ["b", "a", "c"]
        );
    }
}
