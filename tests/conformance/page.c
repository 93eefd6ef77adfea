/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const gchar *const introduction =
  "# Conformance\n"
  "\n"
  "What RFC 5424, RFC 6587 and RFC 5425 demand of a message, and what comes of it: in the\n"
  "parser, in syslog-ng and in rsyslog. The rows are `tests/data/conformance`;\n"
  "`tests/conformance` sends them to real daemons and prints this page. `make check` fails\n"
  "when our column, syslog-ng's or this page is stale; rsyslog's is measured by\n"
  "`tests/conformance/rsyslog.sh`.\n"
  "\n"
  "How to read it:\n"
  "\n"
  "- **bytes**: all stands for itself but braces. `{head}` is `<30>1 2003-10-11T22:14:15.003Z\n"
  "  dev-7 coder-agentd 812 disconnect`, `{end}` is `[coder@32473\n"
  "  disconnect_reason=\"network_error\"]`, `{x C0 AF}` bytes in hexadecimal, `{64*a}` 64\n"
  "  times, `{64#k#}` the same with a running number, `{n:...}` behind its octet count;\n"
  "  `{lf}`, `{cr}`, `{tab}`, `{nul}`, `{esc}` and `{bom}` are what they are called.\n"
  "- **framing**: `octet` one frame with octet counting into `syslog(transport(tcp))` with\n"
  "  `flags(store-raw-message)`; `octet-plain` the same without the flag; `stream` the bytes\n"
  "  as they are into the same source, `split` one by one; `lines` the bytes into `network()`\n"
  "  with `flags(syslog-protocol)`, `legacy` without it; `udp` one datagram into\n"
  "  `syslog(transport(udp))`; `tls` the bytes into `syslog(transport(tls))` by the client\n"
  "  that is named. rsyslog has them by imtcp and imudp. Both daemons have their defaults,\n"
  "  but messages may have 2 MiB.\n"
  "- **demands**: the bytes are `valid`, `invalid`, or what becomes of them is `receiver's\n"
  "  choice`.\n"
  "- **ours**: the record's reason, whether it is expected, where it was read from if not\n"
  "  from structured data, and the marks; `malformed` a tag without a verdict; `not ours` no\n"
  "  verdict and no tag; `nothing` where no message arrives. What `coder-triage` makes of a\n"
  "  frame, and the parser of what `unix-dgram()` leaves of it in the text (rescued), is the\n"
  "  same if the cell does not say otherwise: both read strictly what syslog-ng's own reader\n"
  "  lets pass.\n"
  "- **syslog-ng** and **rsyslog**: `read` where header, structured data and message came out\n"
  "  as they were sent, else what differs: `refused` (syslog-ng logs `Error processing log\n"
  "  message` in its place), `as text` (taken for something else than RFC 5424; what it took\n"
  "  for the program stands before a bar), `no SD` and so on. Of a stream only the kind of\n"
  "  each message is told. Of what is long the part around the first difference is shown.\n"
  "  rsyslog's structured data is that of mmpstrucdata; `kept raw` is what that could not\n"
  "  read.\n";
/* clang-format on */

static gchar *
_escape(const gchar *text)
{
  g_auto(GStrv) parts = g_strsplit(text, "|", -1);

  return g_strjoinv("\\|", parts);
}

/* Backticks do not nest: what is in them stays as it is, and they stand around the rest. */
static gchar *
_code(const gchar *text)
{
  g_autofree gchar *escaped = _escape(text);

  return *text ? g_strdup_printf("`%s`", escaped) : g_strdup("(none)");
}

/* What one daemon makes of each row; versions that make the same of all share a column. */
typedef struct
{
  GString *title;
  gchar *text;
  GHashTable *cells;
} Column;

static void
_free_column(gpointer data)
{
  Column *self = data;

  g_string_free(self->title, TRUE);
  g_hash_table_unref(self->cells);
  g_free(self->text);
  g_free(self);
}

static GHashTable *
_read_cells(const gchar *text)
{
  GHashTable *cells = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (gchar **line = lines; *line && **line; line++)
    {
      gchar **parts = g_strsplit(*line, ": ", 2);
      g_hash_table_insert(cells, g_strdup(parts[0]), _escape(parts[1]));
      g_strfreev(parts);
    }
  return cells;
}

/* DAEMON-VERSION.txt. Returns: the version. */
static gchar *
_split_name(gchar *name)
{
  gchar *hyphen = strrchr(name, '-');

  name[strlen(name) - strlen(".txt")] = '\0';
  *hyphen = '\0';
  return hyphen + 1;
}

static void
_add_column(GPtrArray *columns, const gchar *path)
{
  Column *last = columns->len ? g_ptr_array_index(columns, columns->len - 1) : NULL;
  g_autofree gchar *name = g_path_get_basename(path);
  g_autofree gchar *text = NULL;
  g_autoptr(GError) error = NULL;
  const gchar *version = _split_name(name);
  Column *column;

  if (!g_file_get_contents(path, &text, NULL, &error))
    g_error("%s", error->message);
  if (last && g_str_has_prefix(last->title->str, name) && strcmp(last->text, text) == 0)
    {
      g_string_append_printf(last->title, ", %s", version);
      return;
    }
  column = g_new0(Column, 1);
  column->title = g_string_new(NULL);
  g_string_printf(column->title, "%s %s", name, version);
  column->cells = _read_cells(text);
  column->text = g_steal_pointer(&text);
  g_ptr_array_add(columns, column);
}

static void
_print_head(const GPtrArray *columns)
{
  printf("| row | RFC | rule | framing | bytes | demands | ours |");
  for (guint i = 0; i < columns->len; i++)
    printf(" %s |", ((const Column *) g_ptr_array_index(columns, i))->title->str);
  printf("\n|%s", "---|---|---|---|---|---|---|");
  for (guint i = 0; i < columns->len; i++)
    printf("---|");
  printf("\n");
}

static void
_print_exception(const gchar *who, const gchar *verdict)
{
  if (verdict)
    printf("; %s: %s", who, verdict);
}

static void
_print_row(const ConformRow *row, const GPtrArray *columns)
{
  g_autofree gchar *rule = _escape(row->rule);
  g_autofree gchar *bytes = _code(row->notation);

  printf("| %s | %s | %s | %s", row->id, row->rfc, rule, conform_framing_get_name(row->framing));
  if (row->client)
    printf(", %s", row->client);
  printf(" | %s | %s | %s", bytes, row->demands, row->ours);
  _print_exception("`coder-triage`", row->core);
  _print_exception("rescued", row->rescue);
  if (row->on_4)
    {
      _print_exception("on syslog-ng 4", g_hash_table_lookup(row->on_4, "ours"));
      _print_exception("on syslog-ng 4 rescued", g_hash_table_lookup(row->on_4, "rescue"));
    }
  printf(" |");
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = g_ptr_array_index(columns, i);
      const gchar *seen = g_hash_table_lookup(column->cells, row->id);
      printf(" %s |", seen ? seen : "not measured");
    }
  printf("\n");
}

static void
_print_notes(const GPtrArray *rows, const gchar *group)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);

      if (!row->note || strcmp(row->group, group) != 0)
        continue;
      printf("- **%s**: %s\n", row->id, row->note);
    }
}

static void
_print_section(const GPtrArray *rows, guint first, const GPtrArray *columns)
{
  const gchar *group = ((const ConformRow *) g_ptr_array_index(rows, first))->group;
  g_autofree gchar *title = g_strdelimit(g_strdup(group), "-", ' ');

  printf("\n## %c%s\n\n", g_ascii_toupper(*title), title + 1);
  _print_head(columns);
  for (guint i = first; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);
      if (strcmp(row->group, group) != 0)
        break;
      _print_row(row, columns);
    }
  printf("\n");
  _print_notes(rows, group);
}

void
conform_print_page(const GPtrArray *rows, gchar **seen)
{
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(_free_column);
  const gchar *group = "";

  for (gchar **path = seen; *path; path++)
    _add_column(columns, *path);
  printf("%s\n%u rows.\n", introduction, rows->len);
  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);
      if (strcmp(row->group, group) != 0)
        _print_section(rows, i, columns);
      group = row->group;
    }
}
