//! The meter: what an evaluation has used of its budget.
//!
//! Everything that takes time or space says so here: nodes, tasks, forks, comparisons, text. Once a
//! limit is reached the evaluator is *exhausted*: every evaluation that begins after that ends at
//! once with the limit as its error, so that the whole unwinds quickly and the graph stays sound.
//! Depth is different: too deep is only the one place, and what stands beside it is evaluated.
//!
//! The charge for a scan of a list is an eighth of its length: that is about what it costs against
//! the price of a task, and short lists, which nearly all are, cost nothing.

use crate::bottom::{Code, Reason};
use crate::budget::Limit;
use crate::eval::Evaluator;
use crate::term::BottomId;

/// Where the stack is now, as a number.
#[inline]
pub(crate) fn stack_position() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

impl Evaluator<'_> {
    /// Notes that a limit has been reached.
    pub(crate) fn exhaust(&mut self, limit: Limit) {
        self.exhausted.get_or_insert(limit);
    }

    /// Counts steps; false when there are none left.
    #[inline]
    pub(crate) fn charge(&mut self, steps: usize) -> bool {
        self.g.stats.steps += steps as u64;
        if self.g.stats.steps > self.budget.steps {
            self.exhaust(Limit::Steps);
        }
        self.exhausted.is_none()
    }

    /// Counts a scan of a list of this length.
    #[inline]
    pub(crate) fn charge_scan(&mut self, length: usize) -> bool {
        length < 8 || self.charge(length / 8)
    }

    /// Counts memory that the graph takes.
    #[inline]
    pub(crate) fn charge_memory(&mut self, bytes: usize) {
        self.memory += bytes as u64;
        if self.memory > self.budget.memory {
            self.exhaust(Limit::Memory);
        }
    }

    /// Counts a task; false when it must not run.
    pub(crate) fn charge_task(&mut self) -> bool {
        self.g.stats.tasks += 1;
        self.charge(4)
    }

    /// Counts text against the budget; false when there is none left.
    pub(crate) fn charge_bytes(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes > self.budget.bytes {
            self.exhaust(Limit::Bytes);
            self.fail(Code::Eval, Reason::Limit(Limit::Bytes));
            return false;
        }
        true
    }

    /// The limit that forbids one more level of nesting, if any does.
    #[inline]
    pub(crate) fn too_deep(&mut self) -> Option<Limit> {
        if self.exhausted.is_some() {
            return self.exhausted;
        }
        if self.stack_base.abs_diff(stack_position()) > self.budget.stack {
            self.g.stats.stack_ran_out = true;
            return Some(Limit::Depth);
        }
        (self.depth >= self.budget.depth).then_some(Limit::Depth)
    }

    /// The error of a limit, recorded at the place at hand.
    pub(crate) fn fail_for(&mut self, limit: Limit) -> BottomId {
        self.fail(Code::Eval, Reason::Limit(limit))
    }
}
