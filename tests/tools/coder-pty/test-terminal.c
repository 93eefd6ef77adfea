/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes between terminal and agent. */
#include "client-fixture.h"

static void
begin(Client *self, const gchar *options)
{
  client_init(self, CLIENT_UNIX);
  client_start_on_terminal(self, options);
  client_meet(self);
}

static gboolean
is_raw(const Client *self)
{
  struct termios now;

  g_assert_no_errno(tcgetattr(self->slave, &now));
  return !(now.c_lflag & (ICANON | ECHO | ISIG)) && !(now.c_oflag & OPOST)
         && !(now.c_iflag & (IXON | ICRNL));
}

static void
end(Client *self)
{
  client_hang_up(self);
  client_wait_for_exit(self, 0);
}

/* --- the first frame -------------------------------------------------------------------------- */

static void
test_frame(void)
{
  g_auto(Client) client;
  static const gchar frame[] = "\205\0{\"ID\":\"" CLIENT_ID "\",\"Height\":40,\"Width\":100,"
                               "\"Command\":\"\",\"Container\":\"\",\"ContainerUser\":\"\","
                               "\"BackendType\":\"\"}";

  begin(&client, "");
  g_assert_cmpmem(client.heard->str, client.heard->len, frame, sizeof(frame) - 1);
  end(&client);
}

static void
test_frame_options(void)
{
  g_auto(Client) client;

  begin(&client, "--command 'echo \"\303\251\"' --container box --container-user me"
                 " --backend buffered");
  g_assert_cmpstr(client.heard->str + 2, ==,
                  "{\"ID\":\"" CLIENT_ID "\",\"Height\":40,\"Width\":100,"
                  "\"Command\":\"echo \\\"\303\251\\\"\",\"Container\":\"box\","
                  "\"ContainerUser\":\"me\",\"BackendType\":\"buffered\"}");
  end(&client);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void
test_keys(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_wait(&client, is_raw(&client));
  client_type(&client, "ls\r\003\004\032\"\021\302\251", -1);
  client_wait(&client, client_has_heard(&client, "\302\251"));
  client_assert_requests(&client,
                         "{\"data\":\"ls\\u000d\\u0003\\u0004\\u001a\\\"\\u0011\302\251\"}");
  end(&client);
}

static void
test_character_in_two_parts(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_wait(&client, is_raw(&client));
  client_type(&client, "a\342\202", -1);
  client_wait(&client, client_has_heard(&client, "\"a"));
  client_type(&client, "\254b", -1);
  client_wait(&client, client_has_heard(&client, "b\"}"));
  client_assert_requests(&client, "{\"data\":\"a\342\202\254b\"}");
  end(&client);
}

static void
test_nothing_is_echoed(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_wait(&client, is_raw(&client));
  g_string_truncate(client.screen, 0);
  client_type(&client, "x", -1);
  client_wait(&client, client_has_heard(&client, "x"));
  client_show(&client, "END", -1);
  client_wait(&client, strstr(client.screen->str, "END"));
  g_assert_cmpstr(client.screen->str, ==, "END");
  end(&client);
}

/* --- the screen ------------------------------------------------------------------------------- */

static void
test_every_byte_is_shown(void)
{
  g_auto(Client) client;
  gchar all[256];

  for (gint i = 0; i < 256; i++)
    all[i] = (gchar) i;
  begin(&client, "");
  client_wait(&client, is_raw(&client));
  g_string_truncate(client.screen, 0);
  client_show(&client, all, sizeof(all));
  client_wait(&client, client.screen->len >= sizeof(all));
  g_assert_cmpmem(client.screen->str, client.screen->len, all, sizeof(all));
  end(&client);
}

static void
test_detach_key_is_told(void)
{
  g_auto(Client) client;

  begin(&client, "--detach-key ^a");
  client_wait(&client, is_raw(&client));
  g_assert_nonnull(strstr(client.screen->str, "coder-pty: ^a detaches"));
  end(&client);
}

/* --- size ------------------------------------------------------------------------------------- */

static void
set_size(Client *self, gushort rows, gushort columns)
{
  const struct winsize size = { .ws_row = rows, .ws_col = columns };

  g_assert_no_errno(ioctl(self->master, TIOCSWINSZ, &size));
}

static void
test_resize(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_wait(&client, is_raw(&client));
  set_size(&client, 30, 90);
  client_wait(&client, client_has_heard(&client, "{\"height\":30,\"width\":90}"));
  client_assert_requests(&client, "{\"height\":30,\"width\":90}");
  end(&client);
}

/* The agent reads nothing for a while: no end of sizes is kept for it, but the last one is. */
static void
test_last_size_counts(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_wait(&client, is_raw(&client));
  for (gushort i = 1; i <= 200; i++)
    set_size(&client, i, i);
  set_size(&client, 33, 44);
  client_wait(&client, client_has_heard(&client, "{\"height\":33,\"width\":44}"));
  end(&client);
}

/* Somebody stops it, and the shell that takes the terminal back changes it. */
static void
test_continued(void)
{
  g_auto(Client) client;
  struct termios other;
  siginfo_t info;

  begin(&client, "");
  client_wait(&client, is_raw(&client));
  kill(client.pid, SIGSTOP);
  g_assert_no_errno(waitid(P_PID, (id_t) client.pid, &info, WSTOPPED | WNOWAIT));
  other = client.before;
  other.c_cc[VINTR] = 'C' - '@';
  g_assert_no_errno(tcsetattr(client.slave, TCSANOW, &other));
  kill(client.pid, SIGCONT);
  client_wait(&client, is_raw(&client));
  client_wait(&client, client_has_heard(&client, "{\"height\":40,\"width\":100}"));
  end(&client);
}

int
main(int argc, char **argv)
{
  signal(SIGPIPE, SIG_IGN);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/terminal/frame", test_frame);
  g_test_add_func("/terminal/frame/options", test_frame_options);
  g_test_add_func("/terminal/keys", test_keys);
  g_test_add_func("/terminal/keys/character-in-two-parts", test_character_in_two_parts);
  g_test_add_func("/terminal/keys/nothing-is-echoed", test_nothing_is_echoed);
  g_test_add_func("/terminal/screen/every-byte-is-shown", test_every_byte_is_shown);
  g_test_add_func("/terminal/screen/detach-key-is-told", test_detach_key_is_told);
  g_test_add_func("/terminal/size/resize", test_resize);
  g_test_add_func("/terminal/size/last-one-counts", test_last_size_counts);
  g_test_add_func("/terminal/size/continued", test_continued);
  return g_test_run();
}
