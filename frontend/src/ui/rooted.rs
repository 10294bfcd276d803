//! A page that has islands is rendered under an owner of its own.

use leptos::prelude::*;

/// Builds the view under a reactive owner, and keeps it there until it is rendered: islands need
/// one. Inside of another such view, it adds nothing.
#[cfg(feature = "ssr")]
pub(crate) fn rooted<V: IntoView>(build: impl FnOnce() -> V) -> impl IntoView {
    use hydration_context::SsrSharedContext;
    use leptos::reactive::owner::Owner;
    use leptos::tachys::reactive_graph::OwnedView;
    use std::sync::Arc;

    let owner = match Owner::current() {
        Some(owner) if owner.shared_context().is_some() => owner.child(),
        _ => Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands()))),
    };
    let view = owner.with(build).into_view();
    OwnedView::new_with_owner(view, owner)
}

/// Pages are not built in the browser.
#[cfg(not(feature = "ssr"))]
pub(crate) fn rooted<V: IntoView>(build: impl FnOnce() -> V) -> impl IntoView {
    build()
}
