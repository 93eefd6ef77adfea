/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-host.h"

#include "messages.h"
#include "plugin.h"
#include "versioning.h"

#include <dlfcn.h>

/* syslog-ng itself checks nothing, and its structures change with each minor version.  Were the
 * module linked with libsyslog-ng, whose soname has the version, then another syslog-ng
 *
 *   could not open it, and would say so on --stderr only: without that a user sees a syntax error
 *   at the parser's name;
 *   or, where the library of our version is installed as well, would get that beside its own, and
 *   crash, for some of our calls reach this one and some that.
 *
 * Unlinked, the module can always be opened (coder-disconnect-compat.h has the functions that not
 * each version has), and is the one that says what is wrong. */

#define LIBRARY "libsyslog-ng-" VERSION_STR_CURRENT ".so"

/* Returns: (transfer full): the name of the file that answers our calls. */
static gchar *
_get_running_library(void)
{
  Dl_info info = { NULL };

  dladdr((gpointer) plugin_register, &info);
  return g_path_get_basename(info.dli_fname ? info.dli_fname : "");
}

gboolean
coder_host_check(void)
{
  g_autofree gchar *running = _get_running_library();

  /* The function, not GLib's macro of that name: the compiler would take the text apart, and the
   * test that alters it in the file could not. */
  if ((g_str_has_prefix) (running, LIBRARY))
    return TRUE;
  msg_error("The module coder-disconnect was built for another version of syslog-ng, install the "
            "one for this version",
            evt_tag_str("built_for", LIBRARY), evt_tag_str("running", running));
  return FALSE;
}
