//! Limits on what one evaluation may use.
//!
//! CUE terminates by design, but a small program can still describe a huge value, and the registry
//! evaluates what strangers send. Whatever runs over a limit ends in an ordinary diagnostic that
//! names the limit. The defaults admit every program of practical size and a string of 50 MiB, and
//! keep an evaluation within about two seconds and 512 MiB, whatever the program.
//!
//! Depth is limited twice. [`Budget::depth`] counts levels and gives the same result everywhere.
//! [`Budget::stack`] measures how much of the thread's stack is used, which depends on the build; it
//! is what makes an overflow impossible on the thread that the caller happens to have. A host that
//! wants every program to reach the first limit runs the evaluation on a thread with
//! [`Budget::STACK`] bytes and says so with [`Budget::on_big_stack`].

/// The limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How deep evaluations may nest.
    pub depth: u32,
    /// How many bytes of the caller's stack the evaluation may use.
    pub stack: usize,
    /// How many nodes may be made, those of failed disjuncts included.
    pub nodes: u32,
    /// How many steps may be taken: a step is a task, a node that is looked at, or a few values
    /// that are compared, and takes a fraction of a microsecond.
    pub steps: u64,
    /// How many disjuncts may be tried.
    pub disjuncts: u32,
    /// How many bytes the graph may take.
    pub memory: u64,
    /// How many bytes of text and data may be made by operators and builtins together.
    pub bytes: u64,
}

impl Budget {
    /// The stack, in bytes, that a thread needs for an evaluation with the default depth.
    pub const STACK: usize = 1 << 30;

    /// The limits that hold where nobody sets others.
    pub const DEFAULT: Self = Self {
        depth: 50_000,
        stack: 512 << 10,
        nodes: 4_000_000,
        steps: 20_000_000,
        disjuncts: 1_000_000,
        memory: 320 << 20,
        bytes: 128 << 20,
    };

    /// The same for a thread whose stack has [`Budget::STACK`] bytes.
    #[must_use]
    pub fn on_big_stack(mut self) -> Self {
        self.stack = Self::STACK - (Self::STACK >> 4);
        self
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Budget::depth`] or [`Budget::stack`].
    Depth,
    /// [`Budget::nodes`].
    Nodes,
    /// [`Budget::steps`].
    Steps,
    /// [`Budget::disjuncts`].
    Disjuncts,
    /// [`Budget::memory`].
    Memory,
    /// [`Budget::bytes`].
    Bytes,
}

impl Limit {
    /// What is limited, for a message.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Depth => "nesting depth",
            Self::Nodes => "number of values",
            Self::Steps => "number of steps",
            Self::Disjuncts => "number of disjuncts",
            Self::Memory => "amount of memory",
            Self::Bytes => "amount of text",
        }
    }
}
