/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tools/coder-pty/typing.h"

#include <string.h>

#define ID "f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9"

/* --- the first frame -------------------------------------------------------------------------- */

static void
test_frame(void)
{
  g_autoptr(GString) out = g_string_new("before");
  const CdFrame frame = { ID, 24, 80, "", "", "", "" };

  g_assert_true(cd_frame_append(&frame, out));
  g_assert_cmpmem(out->str, 8, "before\204\0", 8);
  g_assert_cmpuint(out->len, ==, 6 + 2 + 132);
  g_assert_cmpstr(out->str + 8, ==,
                  "{\"ID\":\"" ID "\",\"Height\":24,\"Width\":80,\"Command\":\"\","
                  "\"Container\":\"\",\"ContainerUser\":\"\",\"BackendType\":\"\"}");
}

static void
test_frame_texts(void)
{
  g_autoptr(GString) out = g_string_new(NULL);
  const CdFrame frame = { ID, 65535, 0, "a \"b\\\n\303\251", "box", "me", "screen" };

  g_assert_true(cd_frame_append(&frame, out));
  g_assert_cmpstr(out->str + 2, ==,
                  "{\"ID\":\"" ID "\",\"Height\":65535,\"Width\":0,"
                  "\"Command\":\"a \\\"b\\\\\\u000a\303\251\",\"Container\":\"box\","
                  "\"ContainerUser\":\"me\",\"BackendType\":\"screen\"}");
}

static gboolean
append_command(gsize length, GString *out)
{
  g_autofree gchar *command = g_strnfill(length, 'x');
  const CdFrame frame = { ID, 24, 80, command, "", "", "" };

  return cd_frame_append(&frame, out);
}

static void
test_frame_largest(void)
{
  g_autoptr(GString) out = g_string_new(NULL);

  g_assert_true(append_command(65535 - 132, out));
  g_assert_cmpmem(out->str, 2, "\377\377", 2);
  g_assert_cmpuint(out->len, ==, 65537);
}

static void
test_frame_too_long(void)
{
  g_autoptr(GString) out = g_string_new("before");

  g_assert_false(append_command(65536 - 132, out));
  g_assert_cmpstr(out->str, ==, "before");
}

/* --- requests --------------------------------------------------------------------------------- */

#define R "\357\277\275"
#define DATA(text) "{\"data\":\"" text "\"}"

/* What is typed in two parts, and what becomes of it, the end included. */
static const struct
{
  const gchar *name;
  const gchar *first;
  const gchar *second;
  const gchar *requests;
} rows[] = {
  { "nothing", "", "", "" },
  { "plain", "ls", " -l", DATA("ls") DATA(" -l") },
  { "quoted", "\"\\/", "", DATA("\\\"\\\\/") },
  { "controls", "\r\003\033\037", "\177", DATA("\\u000d\\u0003\\u001b\\u001f") DATA("\177") },
  { "two-bytes-split", "a\303", "\251b", DATA("a") DATA("\303\251b") },
  { "three-bytes-split", "\342", "\202\254", DATA("\342\202\254") },
  { "three-bytes-split-later", "\342\202", "\254", DATA("\342\202\254") },
  { "four-bytes-split", "\360\237\230", "\200", DATA("\360\237\230\200") },
  { "four-bytes-split-early", "\360", "\237\230\200", DATA("\360\237\230\200") },
  { "largest", "\364\217\277\277", "", DATA("\364\217\277\277") },
  { "beyond", "\364\220\200\200", "", DATA(R R R R) },
  { "no-utf-8", "a\377b", "", DATA("a" R "b") },
  { "continuation-alone", "\200", "", DATA(R) },
  { "overlong", "\300\200", "x", DATA(R R) DATA("x") },
  { "surrogate", "\355\240\200", "x", DATA(R R R) DATA("x") },
  { "broken-off", "\303", "x", DATA(R "x") },
  { "broken-off-at-end", "x\342\202", "", DATA("x") DATA(R) },
};

static void
test_row(gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE(data);
  g_autoptr(GString) out = g_string_new(NULL);
  CdTyping typing = { 0 };

  cd_typing_append(&typing, rows[i].first, strlen(rows[i].first), out);
  cd_typing_append(&typing, rows[i].second, strlen(rows[i].second), out);
  cd_typing_finish(&typing, out);
  g_assert_cmpstr(out->str, ==, rows[i].requests);
}

static void
test_nul(void)
{
  g_autoptr(GString) out = g_string_new(NULL);
  CdTyping typing = { 0 };

  cd_typing_append(&typing, "a\0b", 3, out);
  g_assert_cmpstr(out->str, ==, DATA("a\\u0000b"));
}

static void
test_size(void)
{
  g_autoptr(GString) out = g_string_new(NULL);

  cd_typing_append_size(40, 65535, out);
  g_assert_cmpstr(out->str, ==, "{\"height\":40,\"width\":65535}");
}

/* However a text is cut, it is the same text. */
static void
test_any_cut(void)
{
  static const gchar text[] = "a\303\251\342\202\254\360\237\230\200\377\303z";
  gsize length = sizeof(text) - 1;

  for (gsize cut = 0; cut <= length; cut++)
    {
      g_autoptr(GString) out = g_string_new(NULL);
      CdTyping typing = { 0 };
      g_auto(GStrv) parts = NULL;
      g_autofree gchar *whole = NULL;

      cd_typing_append(&typing, text, cut, out);
      cd_typing_append(&typing, text + cut, length - cut, out);
      parts = g_strsplit(out->str, "\"}{\"data\":\"", -1);
      whole = g_strjoinv(NULL, parts);
      g_assert_cmpstr(whole, ==, DATA("a\303\251\342\202\254\360\237\230\200" R R "z"));
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/typing/frame", test_frame);
  g_test_add_func("/typing/frame/texts", test_frame_texts);
  g_test_add_func("/typing/frame/largest", test_frame_largest);
  g_test_add_func("/typing/frame/too-long", test_frame_too_long);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strconcat("/typing/text/", rows[i].name, NULL);
      g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_row);
    }
  g_test_add_func("/typing/nul", test_nul);
  g_test_add_func("/typing/size", test_size);
  g_test_add_func("/typing/any-cut", test_any_cut);
  return g_test_run();
}
