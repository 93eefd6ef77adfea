/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/chain.h"

#include "../../support/unit-linear.h"

typedef struct _BlockRow
{
  const gchar *name;
  const gchar *block;
  const gchar *joined;
} BlockRow;

/* clang-format off */
static const BlockRow block_rows[] = {
  { "two layers with frames",
    "read:\n"
    "           main.run.func1\n"
    "               /build/cmd/demo/main.go:44\n"
    "         - EOF",
    "read: EOF" },
  { "three layers with frames",
    "error in routine coordination:\n"
    "           main.run\n"
    "               /build/cmd/demo/main.go:61\n"
    "         - read:\n"
    "           main.run\n"
    "               /build/cmd/demo/main.go:61\n"
    "         - EOF",
    "error in routine coordination: read: EOF" },
  { "methods and vendored packages are frames",
    "fetch metadata:\n"
    "    github.com/coder/coder/v2/agent.(*agent).run\n"
    "        /home/runner/work/coder/coder/agent/agent.go:217\n"
    "    gopkg.in/yaml%2ev2.(*x).y[...]\n"
    "        /go/pkg/mod/gopkg.in/yaml.v2@v2.4.0/x.go:1\n"
    "  - context canceled",
    "fetch metadata: context canceled" },
  { "an API error of several lines",
    "dial: GET https://coder.example.com/api/v2/workspaceagents/me/rpc: unexpected status code "
    "403: Agent trying to connect from non-latest build.\n"
    "           main.run\n"
    "               /build/main.go:4\n"
    "         \tError: build is outdated",
    "dial: GET https://coder.example.com/api/v2/workspaceagents/me/rpc: unexpected status code "
    "403: Agent trying to connect from non-latest build.: Error: build is outdated" },
  { "one line", "EOF", "EOF" },
  { "one line and a newline", "EOF\n", "EOF" },
  { "carriage returns", "read:\r\n  - EOF\r\n", "read: EOF" },
  { "empty lines", "\n\nread:\n\n\n- EOF\n\n", "read: EOF" },
  { "a colon at the end is the joint's", "read:\n- write:\n", "read: write" },
  { "a layer of one word before a frame", "read\n  main.run\n    /a.go:1\n- EOF", "read: EOF" },
  { "an address is no frame's place", "dial tcp 10.0.0.1:443:\n- i/o timeout",
    "dial tcp 10.0.0.1:443: i/o timeout" },
  { "a URL alone looks like a place", "get:\n- http://x:80", "get" },
  { "made one line by a source",
    "read:                main.run.func1                    /build/main.go:44"
    "              - EOF", "read: EOF" },
  { "a few blanks are a layer's own", "a  b   c", "a  b   c" },
  { "empty", "", "" },
  { "only frames", "main.run\n  /a.go:1\n", "" },
  { "only a dash", "- ", "-" },
};
/* clang-format on */

static void
test_block(gconstpointer data)
{
  const BlockRow *row = data;
  g_auto(CdStatement) storage;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  unit_assert_text(cd_chain_from_block(cd_text_from_string(row->block), &storage),
                   cd_text_from_string(row->joined));
}

static void
test_append(void)
{
  g_autoptr(GString) chain = g_string_new(NULL);

  cd_chain_append(chain, CD_TEXT(""));
  cd_chain_append(chain, CD_TEXT(" : "));
  g_assert_cmpstr(chain->str, ==, "");
  cd_chain_append(chain, CD_TEXT(" read: "));
  cd_chain_append(chain, CD_TEXT_NONE);
  cd_chain_append(chain, CD_TEXT("EOF"));
  g_assert_cmpstr(chain->str, ==, "read: EOF");
}

static void
join(CdText text)
{
  g_auto(CdStatement) storage;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  cd_chain_from_block(text, &storage);
}

static const UnitLinearRow linear_rows[] = {
  { "layers", "", "- a:\n", "" },
  { "frames", "", "main.run\n/a.go:1\n", "" },
  { "almost frames", "", "main.run\n", "" },
  { "empty lines", "x", "\n", "x" },
  { "one line", "", "x", "" },
  { "blanks", "x\n", " ", "\nx" },
  { "flat frames", "", "main.run         /a.go:1         ", "" },
  { "flat words", "", "a         ", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, join);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/chain/block", block_rows, test_block);
  g_test_add_func("/chain/append", test_append);
  unit_add_rows("/chain/linear", linear_rows, test_linear);
  return g_test_run();
}
