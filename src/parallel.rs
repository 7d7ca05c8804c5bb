//! An ordered parallel map. The only user of `rayon`: results come back in the order of the input on any number of
//! threads, so nothing that is written depends on how many there are.

use std::sync::atomic::{AtomicUsize, Ordering};

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

/// The same; `told` hears after every item how many are done.
pub fn map_telling<T: Sync, R: Send>(
    items: &[T],
    f: impl Fn(&T) -> R + Sync + Send,
    told: impl Fn(usize) + Sync + Send,
) -> Vec<R> {
    let n_done = AtomicUsize::new(0);
    map(items, |item| {
        let result = f(item);
        told(n_done.fetch_add(1, Ordering::Relaxed) + 1);
        result
    })
}
