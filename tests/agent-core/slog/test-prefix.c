/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/prefix.h"

#include "../../support/unit.h"

typedef struct _PrefixRow
{
  const gchar *name;
  const gchar *prefix;
} PrefixRow;

#define ISO "2026-11-21T07:37:29.225871Z "

/* clang-format off */
static const PrefixRow known_rows[] = {
  { "nothing", "" },
  { "blanks", "  \t " },
  { "kubectl's pod", "[pod/coder-dev-0/dev] " },
  { "kubectl's time", ISO },
  { "kubectl's pod and time", "[pod/coder-dev-0/dev] " ISO },
  { "docker's time with an offset", "2026-11-21T07:37:29.225871123+01:00 " },
  { "docker compose", "workspace-1  | " },
  { "docker compose, one blank", "workspace-1 | " },
  { "docker compose and time", "workspace-1  | " ISO },
  { "docker compose, its name taken away", "| " },
  { "a container's stream", ISO "stdout F " },
  { "a container's error stream", ISO "stderr F " },
  { "a part of a line", ISO "stdout P " },
  { "journald short", "Nov 21 07:37:29 host coder[412]: " },
  { "journald short, one digit", "Nov  1 07:37:29 host coder[412]: " },
  { "journald short-precise", "Nov 21 07:37:29.225871 host coder[412]: " },
  { "journald short, no number", "Nov 21 07:37:29 host coder: " },
  { "journald short-full", "Sat 2026-11-21 07:37:29 UTC host coder[412]: " },
  { "journald short-iso", "2026-11-21T07:37:29+0000 host coder[412]: " },
  { "journald short-unix", "1795246649.225871 host coder[412]: " },
  { "journald short-monotonic without brackets", "12.345678 host coder[412]: " },
  { "a test of Go", "    t.go:98: " },
  { "a test of Go with a path", "    agent/agent_test.go:1234: " },
  { "kubectl before docker", "[pod/a/b] " ISO "stdout F " },
};

static const PrefixRow unknown_rows[] = {
  { "a word", "saw " },
  { "a quotation", "user wrote: " },
  { "a quote", "\"" },
  { "a bracket", "[" },
  { "another bracket", "[x] " },
  { "a pod without an end", "[pod/coder-dev-0 " },
  { "an empty pod", "[] " },
  { "a date", "2026-11-21 " },
  { "a stream alone", "stdout " },
  { "another stream", ISO "stdin F " },
  { "a journal without a date", "host coder[412]: " },
  { "a journal without a host", "Nov 21 07:37:29 coder[412]: " },
  { "a journal without a colon", "Nov 21 07:37:29 host coder[412] " },
  { "a journal with a word more", "Nov 21 07:37:29 host coder[412]: saw " },
  { "a journal with a small month", "nov 21 07:37:29 host coder[412]: " },
  { "a journal with a short time", "Nov 21 07:37 host coder[412]: " },
  { "a file of Go without a number", "t.go: " },
  { "a file of Go, half a number", "t.go:9x: " },
  { "another file", "t.c:98: " },
  { "two bars", "a b | " },
  { "a NUL", "\x01" },
};
/* clang-format on */

static gboolean
reaches(CdText rest)
{
  for (gsize length = 1; length; rest = cd_text_skip(rest, length))
    {
      while (rest.length && (rest.data[0] == ' ' || rest.data[0] == '\t'))
        rest = cd_text_skip(rest, 1);
      if (cd_text_has_prefix(rest, CD_TEXT("[info]  x")))
        return TRUE;
      length = cd_prefix_read(rest);
    }
  return FALSE;
}

static void
assert_reach(const gchar *row, const gchar *prefix, gboolean expected)
{
  g_autofree gchar *text = g_strconcat(prefix, "[info]  x", NULL);

  unit_assert_row(row, reaches(cd_text_from_string(text)) ? "yes" : "no", expected ? "yes" : "no");
}

static void
test_known(gconstpointer data)
{
  const PrefixRow *row = data;

  assert_reach(row->name, row->prefix, TRUE);
}

static void
test_unknown(gconstpointer data)
{
  const PrefixRow *row = data;

  assert_reach(row->name, row->prefix, FALSE);
}

/* Known pieces with something else before, between and behind them are somebody's words. */
static void
test_known_with_more(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(known_rows); i++)
    {
      g_autofree gchar *before = g_strconcat("saw: ", known_rows[i].prefix, NULL);
      g_autofree gchar *behind = g_strconcat(known_rows[i].prefix, "saw: ", NULL);

      assert_reach(before, before, FALSE);
      assert_reach(behind, behind, FALSE);
    }
}

/* Cut anywhere, it reads no byte behind the text; a sanitizer watches. */
static void
test_every_cut(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(known_rows); i++)
    for (gsize length = 0; length <= strlen(known_rows[i].prefix); length++)
      {
        g_autofree gchar *cut = g_memdup2(known_rows[i].prefix, length);
        g_assert_cmpuint(cd_prefix_read((CdText) { cut, length }), <=, length);
      }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/prefix/known", known_rows, test_known);
  unit_add_rows("/prefix/unknown", unknown_rows, test_unknown);
  g_test_add_func("/prefix/known-with-more", test_known_with_more);
  g_test_add_func("/prefix/every-cut", test_every_cut);
  return g_test_run();
}
