//! Pictures of numbers, drawn on the server. Each stands beside a table that says the same: assistive technologies
//! read the table.

use domain::text::integer;
use leptos::prelude::*;

/// Width of a picture, in its own units; it is stretched to the page.
const WIDTH: u32 = 320;

/// The frame of a growth.
const TOP: u32 = 16;
const BOTTOM: u32 = 140;

/// Parts of a whole on one line, each with the class that paints it.
pub(crate) fn parts(parts: &[(u64, &'static str)]) -> impl IntoView + use<> {
    let whole = parts.iter().map(|(n, _)| *n).sum::<u64>();
    let mut before = 0;
    let mut pieces = Vec::new();
    for (n, class) in parts.iter().filter(|(n, _)| *n > 0) {
        let x = scaled(before, whole, WIDTH);
        before += n;
        let width = scaled(before, whole, WIDTH) - x;
        pieces.push(view! { <rect x=x y="0" width=width height="12" class=*class/> });
    }
    (whole > 0).then(|| {
        view! {
            <svg class="chart chart-parts" viewBox=format!("0 0 {WIDTH} 12") preserveAspectRatio="none" aria-hidden="true" focusable="false">
                {pieces}
            </svg>
        }
    })
}

/// A total that grows, point by point, with levels to reach. `from` and `to` are said under its ends. One point alone is a
/// level line.
pub(crate) fn growth(points: &[u64], levels: &[u64], (from, to): (String, String)) -> impl IntoView + use<> {
    let level;
    let (points, from) = if let [alone] = points {
        level = [*alone; 2];
        (level.as_slice(), None)
    } else {
        (points, Some(from))
    };
    let most = points.iter().chain(levels).copied().max().unwrap_or(0).max(1);
    let height = |n: u64| BOTTOM - scaled(n, most, BOTTOM - TOP);
    let steps = u64::try_from(points.len().saturating_sub(1)).unwrap_or(0).max(1);
    let place = |i: usize| scaled(u64::try_from(i).unwrap_or(0), steps, WIDTH);
    let path = points.iter().enumerate().map(|(i, n)| format!("{},{}", place(i), height(*n)));
    let path = path.collect::<Vec<_>>().join(" ");
    let area = format!("0,{BOTTOM} {path} {},{BOTTOM}", place(points.len().saturating_sub(1)));
    let levels = levels.iter().map(|n| {
        let y = height(*n);
        view! {
            <line x1="0" x2=WIDTH y1=y y2=y class="chart-level"/>
            <text x="0" y=y.saturating_sub(4)>{integer(*n)}</text>
        }
    });
    let levels = levels.collect_view();
    let now = points.last().copied().unwrap_or(0);
    view! {
        <svg class="chart chart-growth" viewBox=format!("0 0 {WIDTH} 160") aria-hidden="true" focusable="false">
            <polygon points=area class="chart-area"/>
            {levels}
            <line x1="0" x2=WIDTH y1=BOTTOM y2=BOTTOM class="chart-base"/>
            <polyline points=path class="chart-line"/>
            <text x=WIDTH y=height(now).saturating_sub(5) text-anchor="end" class="chart-now">{integer(now)}</text>
            <text x="0" y=BOTTOM + 16>{from}</text>
            <text x=WIDTH y=BOTTOM + 16 text-anchor="end">{to}</text>
        </svg>
    }
}

/// `n` of `whole`, as so much of `length`.
fn scaled(n: u64, whole: u64, length: u32) -> u32 {
    let part = n.saturating_mul(u64::from(length)).checked_div(whole).unwrap_or(0);
    u32::try_from(part).unwrap_or(length).min(length)
}

#[cfg(test)]
mod tests {
    use super::growth;
    use crate::ui::support::html;

    #[test]
    fn a_single_month_is_seen_and_named_once() {
        let html = html(growth(&[4], &[], ("novembre 2026".into(), "novembre 2026".into())));
        assert!(html.contains("points=\"0,16 320,16\""), "{html}");
        assert_eq!(html.matches("novembre 2026").count(), 1, "{html}");
    }
}
