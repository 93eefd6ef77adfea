/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "view.h"

#include "context.h"
#include "disconnect/detail.h"
#include "disconnect/mark.h"
#include "rfc5424/header.h"

#define INDENT 2
#define TEXT_COLUMN 14
#define TEXT_COLUMN_NARROW 4

static guint
_text_column(const CdPaper *paper)
{
  return cd_paper_is_narrow(paper) ? TEXT_COLUMN_NARROW : TEXT_COLUMN;
}

/* What stands at the left of a row; rows of one label follow each other with none. */
static void
_begin_row(CdPaper *paper, const gchar *label)
{
  if (*label)
    cd_paper_add(paper, INDENT, CD_INK_FAINT, label);
  if (*label && cd_paper_is_narrow(paper))
    cd_paper_end_line(paper);
  cd_paper_tab(paper, _text_column(paper));
}

static void
_end_row(CdPaper *paper, CdInk ink, const gchar *text)
{
  cd_paper_paragraph(paper, _text_column(paper), ink, text);
}

static void
_row(CdPaper *paper, const gchar *label, CdInk ink, const gchar *text)
{
  _begin_row(paper, label);
  _end_row(paper, ink, text);
}

static gchar *
_name_line(const CdFinding *finding)
{
  g_autoptr(GString) name = g_string_new(NULL);

  g_string_printf(name, "line %" G_GUINT64_FORMAT, finding->number);
  if (finding->file)
    {
      g_string_append(name, " of ");
      cd_detail_append(name, cd_text_from_string(finding->file));
    }
  return g_string_free(g_steal_pointer(&name), FALSE);
}

static void
_end_headline(CdPaper *paper, const CdFinding *finding)
{
  g_autofree gchar *name = _name_line(finding);

  cd_paper_add_right(paper, INDENT, CD_INK_FAINT, name);
}

/* Two blanks and a piece of the headline. */
static void
_add_piece(CdPaper *paper, CdInk ink, const gchar *before, const gchar *text)
{
  g_autofree gchar *piece = g_strconcat("  ", before, text, NULL);

  cd_paper_add(paper, INDENT, ink, piece);
}

static void
_headline(CdPaper *paper, const CdFinding *finding)
{
  const CdVerdict *verdict = &finding->judgement.verdict;
  const gchar *layer = cd_layer_get_info(finding->judgement.layer)->name;
  const gchar *initiator = cd_initiator_get_info(verdict->initiator)->name;

  cd_paper_add(paper, 0, verdict->expected ? CD_INK_GOOD : CD_INK_BAD,
               verdict->expected ? "EXPECTED" : "INVESTIGATE");
  _add_piece(paper, CD_INK_STRONG, "", cd_reason_get_info(verdict->reason)->name);
  _add_piece(paper, CD_INK_PLAIN, "", *layer ? layer : "layer not known");
  _add_piece(paper, CD_INK_PLAIN, *initiator ? "started by " : "",
             *initiator ? initiator : "side not known");
  _end_headline(paper, finding);
}

static void
_named_row(CdPaper *paper, const gchar *label, const gchar *name, const gchar *explanation)
{
  g_autofree gchar *text = g_strconcat(name, ": ", explanation, NULL);

  _row(paper, label, CD_INK_PLAIN, text);
}

static void
_source_rows(CdPaper *paper, const CdFinding *finding)
{
  const CdNameInfo *source = cd_source_get_info(finding->statement.source);
  const CdSiteInfo *site = cd_site_get_info(finding->judgement.site);

  _named_row(paper, "Read from", source->name, source->explanation);
  if (finding->judgement.site != CD_SITE_NONE)
    _named_row(paper, "Seen at", site->name, site->explanation);
}

static void
_rule_rows(CdPaper *paper, const CdRule *rule)
{
  g_autofree gchar *label = g_strdup_printf("Rule %u", rule->number);

  _row(paper, label, CD_INK_STRONG, rule->name);
  _row(paper, "", CD_INK_PLAIN, rule->sentence);
}

/* Rows of one label, which only the first of them shows. */
typedef struct _Rows
{
  CdPaper *paper;
  const gchar *label;
  guint name_width;
} Rows;

static void
_next_row(Rows *self, CdInk ink, const gchar *text)
{
  _row(self->paper, self->label, ink, text);
  self->label = "";
}

/* Quotes what a peer sent, made safe to read before, after @name. */
static void
_quote_row(Rows *self, const gchar *name, CdText text)
{
  g_autofree gchar *row = g_strdup_printf("%s: \"%.*s\"", name, (gint) text.length, text.data);

  _next_row(self, CD_INK_PLAIN, row);
}

/* The words that decided, as they may be shown. */
static gchar *
_get_cause_words(const CdVerdict *verdict)
{
  g_autoptr(GString) words = g_string_new(NULL);
  CdText whole = cd_text_is_empty(verdict->text) ? verdict->innermost : verdict->text;

  cd_detail_append_part(words, verdict->innermost, whole);
  return g_string_free(g_steal_pointer(&words), FALSE);
}

static void
_cause_row(Rows *self, const CdVerdict *verdict)
{
  const gchar *name = cd_cause_get_name(verdict->cause);
  g_autofree gchar *words = _get_cause_words(verdict);

  if (verdict->cause == CD_CAUSE_NONE)
    return;
  if (cd_text_is_empty(verdict->innermost) || verdict->cause == CD_CAUSE_NIL)
    _next_row(self, CD_INK_PLAIN, name);
  else
    _quote_row(self, name, cd_text_from_string(words));
}

/* Two causes already say that it was 0. */
static void
_exit_code_row(Rows *self, const CdFinding *finding)
{
  CdText code = cd_record_get(&finding->statement.said, CD_FIELD_EXIT_CODE);
  CdCause cause = finding->judgement.verdict.cause;
  g_autoptr(GString) row = g_string_new("exit code ");

  if (cd_text_is_empty(code) || cause == CD_CAUSE_REPORTED_OK || cause == CD_CAUSE_EXIT_OK)
    return;
  cd_detail_append(row, code);
  _next_row(self, CD_INK_PLAIN, row->str);
}

/* The sender's words for the reason and the detail, as far as they say more than the cause. */
static void
_words_rows(Rows *self, const CdFinding *finding)
{
  const CdRecord *record = &finding->statement.said;
  CdText raw_reason = cd_record_get(record, CD_FIELD_RAW_REASON);
  CdText detail = cd_record_get(record, CD_FIELD_DISCONNECT_DETAIL);
  g_autofree gchar *cause = _get_cause_words(&finding->judgement.verdict);

  if (!cd_text_is_empty(raw_reason) && !cd_text_is(raw_reason, cause))
    _quote_row(self, "sender's reason", raw_reason);
  if (!cd_text_is_empty(detail) && !cd_text_is(detail, cause) && !cd_text_equal(detail, raw_reason))
    _quote_row(self, "detail", detail);
}

static void
_evidence_rows(CdPaper *paper, const CdFinding *finding)
{
  Rows rows = { paper, "Evidence" };

  _cause_row(&rows, &finding->judgement.verdict);
  _exit_code_row(&rows, finding);
  _words_rows(&rows, finding);
}

static void
_mark_rows(CdPaper *paper, const CdFinding *finding)
{
  Rows rows = { paper, "Marks" };

  for (guint i = 0; i < CD_N_MARKS; i++)
    {
      const CdNameInfo *mark = cd_mark_get_info(i);
      g_autofree gchar *text = g_strconcat(mark->name, ": ", mark->explanation, NULL);
      if (cd_mark_is_set(i, &finding->judgement))
        _next_row(&rows, CD_INK_WARNING, text);
    }
  if (finding->is_cut)
    _next_row(&rows, CD_INK_WARNING, "cut: the line is longer than 1 MiB; only that was read");
}

/* Says who or what the connection was; the verdict's own fields stand above. */
static gboolean
_is_identity(CdField field)
{
  return field == CD_FIELD_CONNECTION_METHOD || (field > CD_FIELD_RULE && field < CD_N_WIRE_FIELDS);
}

static void
_measure_name(CdField field, CdText value, gpointer user_data)
{
  Rows *rows = user_data;

  if (_is_identity(field))
    rows->name_width = MAX(rows->name_width, (guint) cd_field_get_info(field)->name.length);
}

/* Values stand below each other, or behind their names where there is no room. */
static guint
_value_column(const Rows *self)
{
  guint column = _text_column(self->paper);

  return cd_paper_is_narrow(self->paper) ? column + INDENT : column + self->name_width + 2;
}

static void
_identity_row(CdField field, CdText value, gpointer user_data)
{
  Rows *rows = user_data;
  guint column = _value_column(rows);
  g_autoptr(GString) text = g_string_new(cd_paper_is_narrow(rows->paper) ? "  " : "");

  if (!_is_identity(field))
    return;
  cd_detail_append(text, value);
  _begin_row(rows->paper, rows->label);
  cd_paper_add(rows->paper, 0, CD_INK_FAINT, cd_field_get_info(field)->name.data);
  cd_paper_tab(rows->paper, column);
  cd_paper_paragraph(rows->paper, column, CD_INK_PLAIN, text->str);
  rows->label = "";
}

static void
_identity_rows(CdPaper *paper, const CdFinding *finding)
{
  const CdRecord *record = &finding->statement.said;
  Rows rows = { paper, "Connection" };

  cd_record_foreach(record, CD_N_WIRE_FIELDS, _measure_name, &rows);
  cd_record_foreach(record, CD_N_WIRE_FIELDS, _identity_row, &rows);
}

void
cd_view_record(CdPaper *paper, const CdFinding *finding)
{
  const CdVerdict *verdict = &finding->judgement.verdict;
  const CdReasonInfo *reason = cd_reason_get_info(verdict->reason);

  _headline(paper, finding);
  cd_paper_paragraph(paper, INDENT, CD_INK_PLAIN, reason->explanation);
  cd_paper_end_line(paper);
  _source_rows(paper, finding);
  _rule_rows(paper, verdict->rule);
  _evidence_rows(paper, finding);
  _mark_rows(paper, finding);
  _identity_rows(paper, finding);
  _row(paper, "Next step", CD_INK_ADVICE, reason->next_step);
}

/* Where an RFC 5424 line breaks off; %NULL for any other line. */
static const gchar *
_broken_part(CdText line)
{
  CdHeader header;
  CdHeaderPart part;

  if (!cd_header_matters(line))
    return NULL;
  part = cd_header_read(line, &header);
  return part == CD_HEADER_WHOLE ? NULL : cd_header_part_get_name(part);
}

void
cd_view_broken(CdPaper *paper, const CdFinding *finding)
{
  const gchar *part = _broken_part(finding->line);

  cd_paper_add(paper, 0, CD_INK_BAD, "BROKEN");
  _add_piece(paper, CD_INK_STRONG, "", "no verdict");
  _end_headline(paper, finding);
  cd_paper_paragraph(paper, INDENT, CD_INK_PLAIN,
                     "It claims to be a disconnect of ours, and neither reason nor site could be"
                     " read before it breaks off.");
  if (part)
    _row(paper, "Broken at", CD_INK_WARNING, part);
}

void
cd_view_other(CdPaper *paper, const CdFinding *finding, const gchar *const *sd_ids)
{
  g_autofree gchar *why = cd_context_explain(finding->line, sd_ids);
  g_autofree gchar *name = _name_line(finding);
  g_autofree gchar *head = g_strconcat(name, " is no record", why ? ":" : NULL, NULL);

  cd_paper_add(paper, 0, CD_INK_FAINT, head);
  if (why)
    {
      g_autofree gchar *text = g_strconcat(" ", why, NULL);
      cd_paper_add(paper, INDENT, CD_INK_PLAIN, text);
    }
  cd_paper_end_line(paper);
}
