//! An ordered parallel map. The only user of `rayon`: results come back in the order of the input on any number of
//! threads, so nothing that is written depends on how many there are.

use rayon::prelude::*;

/// Sets the number of threads for the process; 0 for one a core. Only the first call counts.
pub fn use_threads(n: usize) {
    // A second call fails because the pool exists already, which is what is wanted.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
}

/// Maps every item, several at a time, and keeps their order.
pub fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    items.par_iter().map(f).collect()
}
