//! Lists taken away: CSV sent as it is read, and XLSX.

use super::agents::{self, Cursor, Filter, Order, Window};
use super::export::{AGENT_COLUMNS, Cell, PART_COLUMNS, agent, part};
use super::list::Asked;
use super::routes::{AskedTerritory, chapters_of, question, territory_of};
use super::store::Question;
use super::territory;
use crate::access::{AgentLister, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::csv;
use domain::text::paris;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// Agents read at a time.
const BATCH: usize = 500;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a list is taken away as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Xlsx,
}

impl Kind {
    fn read(text: &str) -> Result<Self> {
        match text {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            _ => Err(Error::NotFound),
        }
    }
}

/// `GET /suivi/agents/fichier/{format}`: the whole list, whatever its length, in the memory of a few hundred agents.
pub async fn agents(
    State(app): State<App>,
    viewer: Viewer,
    Path(format): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let kind = Kind::read(&format)?;
    let (question, lister, filter) = asked.read(&app, &viewer)?;
    let chapters = chapters_of(&app, &lister.course);
    let pages = Pages { app: app.clone(), question, lister, filter, chapters, from: Some(Window::First) };
    let name = format!("agents-{}", paris(app.clock.now()).date());
    match kind {
        Kind::Csv => {
            let head = std::iter::once(Ok(csv::MARK.to_owned() + &csv::line(AGENT_COLUMNS)));
            let rest = stream::try_unfold(pages, |mut pages| async move {
                let rows = pages.next().await?;
                let text = |rows: Vec<Vec<Cell>>| rows.into_iter().map(line).collect::<String>();
                Ok::<_, Error>(rows.map(|rows| (text(rows), pages)))
            });
            let file = Body::from_stream(stream::StreamExt::chain(stream::iter(head), rest));
            Ok(sent(CSV, &format!("{name}.csv"), file))
        }
        Kind::Xlsx => {
            let mut pages = pages;
            let mut sheet = Sheet::begin(&AGENT_COLUMNS)?;
            while let Some(rows) = pages.next().await? {
                sheet.add(rows)?;
            }
            Ok(sent(XLSX, &format!("{name}.xlsx"), Body::from(sheet.end().await?)))
        }
    }
}

/// `GET /suivi/territoires/fichier/{format}`: the départements, or the maisons of one, as the page shows them.
pub async fn parts(
    State(app): State<App>,
    viewer: Viewer,
    Path(format): Path<String>,
    Query(asked): Query<AskedTerritory>,
) -> Result<Response> {
    let kind = Kind::read(&format)?;
    let reader = territory_of(&app, &viewer, &asked)?;
    let counted = territory::count(&app, &viewer, &reader, &question(&app, &reader.course)).await?;
    let rows: Vec<Vec<Cell>> = counted.parts.iter().map(part).collect();
    let name = format!("suivi-{}", paris(app.clock.now()).date());
    match kind {
        Kind::Csv => {
            let file =
                csv::MARK.to_owned() + &csv::line(PART_COLUMNS) + &rows.into_iter().map(line).collect::<String>();
            Ok(sent(CSV, &format!("{name}.csv"), Body::from(file)))
        }
        Kind::Xlsx => {
            let mut sheet = Sheet::begin(&PART_COLUMNS)?;
            sheet.add(rows)?;
            Ok(sent(XLSX, &format!("{name}.xlsx"), Body::from(sheet.end().await?)))
        }
    }
}

fn line(cells: Vec<Cell>) -> String {
    csv::line(cells.into_iter().map(Cell::into_text))
}

fn sent(kind: &'static str, name: &str, file: Body) -> Response {
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file).into_response()
}

/// The list, read a page after the other.
struct Pages {
    app: App,
    question: Question,
    lister: AgentLister,
    filter: Filter,
    chapters: u32,
    /// None once everything is read.
    from: Option<Window>,
}

impl Pages {
    async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>> {
        let Some(window) = self.from.take() else { return Ok(None) };
        let place = (Order::Name, &window);
        let who = (&self.lister, &self.filter);
        let listed = agents::list(self.app.db.reader(), &self.question, who, place, BATCH).await?;
        self.from = listed.after.map(|cursor: Cursor| Window::After(cursor));
        Ok(Some(listed.rows.iter().map(|row| agent(row, &self.question, self.chapters)).collect()))
    }
}

/// A spreadsheet whose rows go to disk as they come. Text is stored as text: no cell is a formula.
struct Sheet {
    book: Workbook,
    row: u32,
}

impl Sheet {
    fn begin(columns: &[&str]) -> Result<Self> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(unwritten)?;
        let head = Format::new().set_bold();
        sheet.set_freeze_panes(1, 0).map_err(unwritten)?;
        for (place, column) in (0u16..).zip(columns) {
            sheet.set_column_width(place, 18).map_err(unwritten)?;
            sheet.write_string_with_format(0, place, *column, &head).map_err(unwritten)?;
        }
        Ok(Self { book, row: 1 })
    }

    fn add(&mut self, rows: Vec<Vec<Cell>>) -> Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(unwritten)?;
        for cells in rows {
            for (place, cell) in (0u16..).zip(cells) {
                match cell {
                    Cell::Text(text) => sheet.write_string(self.row, place, text),
                    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
                    Cell::Number(n) => sheet.write_number(self.row, place, n as f64),
                }
                .map_err(unwritten)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    async fn end(mut self) -> Result<Vec<u8>> {
        let saved = tokio::task::spawn_blocking(move || self.book.save_to_buffer()).await;
        saved.map_err(|error| Error::Internal(error.to_string()))?.map_err(unwritten)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "stands where an error is mapped")]
fn unwritten(error: XlsxError) -> Error {
    Error::Internal(format!("a spreadsheet cannot be written: {error}"))
}
