//! IndexedDB, as far as the stores have it in common.

use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbRequest, IdbTransaction};

pub(super) type Done<T> = Result<T, JsValue>;

/// Opens a database; `make` makes its stores on the first visit.
pub(super) async fn open(name: &str, make: fn(&IdbDatabase) -> Done<()>) -> Done<IdbDatabase> {
    let factory = web_sys::window().ok_or(JsValue::NULL)?.indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(name, 1)?;
    let opening = request.clone();
    let upgrade = Closure::once_into_js(move || {
        // A store that cannot be made makes the opening fail, which is handled there.
        let _ = opening.result().and_then(|database| make(database.unchecked_ref()));
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    done(&request).await?.dyn_into()
}

pub(super) async fn done(request: &IdbRequest) -> Done<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(resolve.unchecked_ref()));
        request.set_onerror(Some(reject.unchecked_ref()));
    });
    JsFuture::from(promise).await?;
    request.result()
}

pub(super) async fn finished(transaction: &IdbTransaction) -> Done<()> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(resolve.unchecked_ref()));
        transaction.set_onabort(Some(reject.unchecked_ref()));
    });
    JsFuture::from(promise).await.map(|_| ())
}
