//! Stack: running what recurses where there is room for it.
//!
//! Recursion in a configuration is recursion in the engine, and the thread of a caller may have
//! 8 MiB or 2 of stack. Nearly every program needs a few KiB. So it is tried on the thread at hand
//! first, with the small allowance of the default budget; only when the evaluator says that the
//! stack was what it lacked, it is evaluated once more on a thread of its own with
//! [`Budget::STACK`] bytes. Where no such thread can be had, the result stays what it was: a
//! diagnostic about the depth, never an overflow.

use cue_eval::{Budget, Graph};

/// Stack sizes to ask for, in this order: the system may refuse the larger ones.
const SIZES: [usize; 3] = [Budget::STACK, Budget::STACK >> 2, Budget::STACK >> 4];

/// Runs an evaluation, on a thread of its own when the one at hand has too little stack.
pub(crate) fn evaluate(budget: Budget, eval: impl Fn(Budget) -> Graph + Sync) -> Graph {
    let graph = eval(budget);
    if !graph.stats().stack_ran_out {
        return graph;
    }
    for size in SIZES.into_iter().filter(|&size| size > budget.stack) {
        let budget = Budget {
            stack: size - size / 16,
            ..budget
        };
        let deep = std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(size)
                .spawn_scoped(scope, || eval(budget))
                .ok()
                .and_then(|thread| thread.join().ok())
        });
        if let Some(deep) = deep {
            return deep;
        }
    }
    graph
}
