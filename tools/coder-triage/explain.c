/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command.h"
#include "finding.h"
#include "input.h"
#include "record-json.h"
#include "rfc5424/sdata.h"
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <unistd.h>

#define DEFAULT_SD_ID "coder@" G_STRINGIFY(CD_PEN)

static gchar *color;
static gboolean as_json;
static gboolean show_all;
static gchar **sd_ids;
static gchar **operands;

static const GOptionEntry entries[] = {
  { "all", 'a', 0, G_OPTION_ARG_NONE, &show_all, "Name the lines that are no record, too", NULL },
  { "color", 0, 0, G_OPTION_ARG_STRING, &color, "auto, always or never [auto]", "WHEN" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object per disconnect", NULL },
  { "sd-id", 0, 0, G_OPTION_ARG_STRING_ARRAY, &sd_ids,
    "SD-ID to read, instead of " DEFAULT_SD_ID "; may be repeated", "ID" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &operands, NULL, NULL },
  { NULL },
};

static const gchar description[] =
  "Reads RFC 5424 lines with structured data of ours, `journalctl -o json`, and Coder's own log\n"
  "lines in each of their formats, with or without the prefixes of kubectl, docker, journalctl\n"
  "and syslog. An argument that names a file is read as one, `-` and no argument at all are\n"
  "standard input, and any other argument is a line.\n"
  "\n"
  "Examples:\n"
  "  coder-triage explain /tmp/coder-agent.log\n"
  "  kubectl logs POD | coder-triage explain --json | jq 'select(.disconnect_expected|not)'\n";

/* What became of the messages: a line, with its block if it has one. */
typedef struct _Counts
{
  guint64 n_lines;
  guint64 n_messages[CD_N_FINDING_KINDS];
  guint64 n_expected;
} Counts;

typedef struct _Explainer
{
  const gchar *const *sd_ids;
  CdPaper paper;
  gboolean names_others;
  const gchar *file; /* that is being read; NULL where it is not to be named */
  gboolean has_printed;
  CdFindingKind last_printed;
  Counts counts;
} Explainer;

static void
_count(Counts *self, const CdFinding *finding)
{
  self->n_messages[finding->kind]++;
  if (finding->kind == CD_FINDING_RECORD && finding->judgement.verdict.expected)
    self->n_expected++;
}

/* A blank line around everything that has more than one. */
static void
_separate(Explainer *self, CdFindingKind kind)
{
  gboolean has_more = kind != CD_FINDING_OTHER || self->last_printed != CD_FINDING_OTHER;

  if (self->has_printed && has_more)
    cd_paper_end_line(&self->paper);
  self->has_printed = TRUE;
  self->last_printed = kind;
}

static void
_view(Explainer *self, const CdFinding *finding)
{
  if (finding->kind == CD_FINDING_OTHER && !self->names_others)
    return;
  _separate(self, finding->kind);
  if (finding->kind == CD_FINDING_RECORD)
    cd_view_record(&self->paper, finding);
  else if (finding->kind == CD_FINDING_BROKEN)
    cd_view_broken(&self->paper, finding);
  else
    cd_view_other(&self->paper, finding, self->sd_ids);
}

static void
_explain_line(Explainer *self, const CdInputLine *line)
{
  CdFinding finding = { line->text, line->number, self->file, line->is_cut };

  cd_finding_make(&finding, self->sd_ids);
  _count(&self->counts, &finding);
  if (as_json)
    cd_record_json_print(&finding, stdout);
  else
    _view(self, &finding);
  cd_finding_clear(&finding);
}

static CdExit
_cannot_read(const gchar *what, const gchar *why)
{
  g_autofree gchar *failed = g_strconcat("cannot read ", what, NULL);

  return cd_command_failed(failed, why);
}

static CdExit
_explain_stream(Explainer *self, GInputStream *stream, const gchar *name)
{
  g_autoptr(CdInput) input = cd_input_new(stream);
  g_autoptr(GError) error = NULL;
  CdInputLine line;

  while (!ferror(stdout) && cd_input_next(input, &line, &error))
    {
      _explain_line(self, &line);
      if (cd_input_would_wait(input))
        fflush(stdout);
    }
  self->counts.n_lines += cd_input_n_lines(input);
  return error ? _cannot_read(name, error->message) : CD_EXIT_DONE;
}

static CdExit
_explain_standard_input(Explainer *self)
{
  g_autoptr(GInputStream) stream = g_unix_input_stream_new(STDIN_FILENO, FALSE);

  return _explain_stream(self, stream, "standard input");
}

static CdExit
_explain_file(Explainer *self, const gchar *path)
{
  g_autoptr(GInputStream) stream = NULL;
  gint fd = open(path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return _cannot_read(path, g_strerror(errno));
  stream = g_unix_input_stream_new(fd, TRUE);
  return _explain_stream(self, stream, path);
}

static CdExit
_explain_lines(Explainer *self, gchar **lines, guint n_lines)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new();

  for (guint i = 0; i < n_lines; i++)
    {
      gchar *line = g_strconcat(lines[i], "\n", NULL);
      g_memory_input_stream_add_data(G_MEMORY_INPUT_STREAM(stream), line, -1, g_free);
    }
  self->names_others = TRUE;
  return _explain_stream(self, stream, "arguments");
}

static gboolean
_is_file(const gchar *operand)
{
  return g_str_equal(operand, "-") || g_file_test(operand, G_FILE_TEST_EXISTS);
}

/* Lines in a row are one text: a block may stand in arguments of its own. */
static guint
_count_lines(gchar **from)
{
  guint n = 0;

  while (from[n] && !_is_file(from[n]))
    n++;
  return n;
}

/* Reads the file or the row of lines at @from. Returns: how many operands that were. */
static guint
_explain_next(Explainer *self, gchar **from, CdExit *status)
{
  guint n_lines = _count_lines(from);
  guint n_taken = MAX(n_lines, 1);
  gboolean is_alone = from == operands && !from[n_taken];

  self->names_others = show_all;
  self->file = n_lines || is_alone ? NULL : *from;
  if (n_lines)
    *status = _explain_lines(self, from, n_lines);
  else if (g_str_equal(*from, "-"))
    *status = _explain_standard_input(self);
  else
    *status = _explain_file(self, *from);
  return n_taken;
}

static CdExit
_explain_operands(Explainer *self)
{
  CdExit worst = CD_EXIT_DONE;

  for (gchar **from = operands; *from;)
    {
      CdExit status;
      from += _explain_next(self, from, &status);
      worst = MAX(worst, status);
    }
  return worst;
}

static CdExit
_explain(Explainer *self)
{
  self->names_others = show_all;
  return operands ? _explain_operands(self) : _explain_standard_input(self);
}

static gchar *
_count_of(guint64 n, const gchar *noun)
{
  return g_strdup_printf("%" G_GUINT64_FORMAT " %s%s", n, noun, n == 1 ? "" : "s");
}

/* A message with a block has several lines, so the kinds add up to the messages alone. */
static gchar *
_summarize(const Counts *self)
{
  const guint64 *n = self->n_messages;
  guint64 n_records = n[CD_FINDING_RECORD];
  g_autofree gchar *lines = _count_of(self->n_lines, "line");
  g_autofree gchar *messages = _count_of(n_records + n[CD_FINDING_BROKEN] + n[CD_FINDING_OTHER],
                                         "message");
  g_autofree gchar *records = _count_of(n_records, "disconnect");

  return g_strdup_printf("%s in %s: %s (%" G_GUINT64_FORMAT " expected, %" G_GUINT64_FORMAT
                         " to investigate), %" G_GUINT64_FORMAT " other, %" G_GUINT64_FORMAT
                         " broken",
                         messages, lines, records, self->n_expected, n_records - self->n_expected,
                         n[CD_FINDING_OTHER], n[CD_FINDING_BROKEN]);
}

static void
_print_summary(Explainer *self)
{
  g_autofree gchar *text = _summarize(&self->counts);

  if (self->has_printed)
    cd_paper_end_line(&self->paper);
  cd_paper_paragraph(&self->paper, 0, CD_INK_STRONG, text);
}

static gboolean
_refuse(const gchar *sd_id)
{
  cd_command_wrong_use(&cd_explain_command,
                       "--sd-id=%s: at most %d of them, each 1 to %d printable ASCII characters"
                       " and none of = ] \" and blank",
                       sd_id, CD_SDATA_IDS_MAX, CD_SDATA_NAME_MAX);
  return FALSE;
}

static gboolean
_check_sd_ids(void)
{
  for (guint i = 0; sd_ids && sd_ids[i]; i++)
    if (i >= CD_SDATA_IDS_MAX || !cd_sdata_is_name(cd_text_from_string(sd_ids[i])))
      return _refuse(sd_ids[i]);
  return TRUE;
}

static CdExit
_run(gchar **argv)
{
  static const gchar *const default_sd_ids[] = { DEFAULT_SD_ID, NULL };
  g_auto(GStrv) arguments = g_strdupv(argv);
  CdColour colour = CD_COLOUR_AUTO;
  Explainer self = { default_sd_ids };
  CdExit read, written;

  if (!cd_command_parse(&cd_explain_command, entries, description, &arguments)
      || !cd_command_parse_colour(&cd_explain_command, color, &colour) || !_check_sd_ids())
    return CD_EXIT_WRONG_USE;
  if (sd_ids)
    self.sd_ids = (const gchar *const *) sd_ids;
  cd_paper_init(&self.paper, stdout, colour);
  read = _explain(&self);
  if (!as_json)
    _print_summary(&self);
  written = cd_command_finish_output();
  return MAX(read, written);
}

const CdCommand cd_explain_command = {
  "explain", "[LINE|FILE...]", "Says of each disconnect why it ended and what decided that.", _run
};
