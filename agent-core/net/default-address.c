/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/default-address.h"

#define FOLDER "coder-agentd"

static const gchar *
_get_runtime_dir(uid_t user)
{
  const gchar *given = g_getenv("XDG_RUNTIME_DIR");

  if (user == 0)
    return "/run";
  return given && g_path_is_absolute(given) ? given : g_get_user_cache_dir();
}

gchar *
cd_default_address(uid_t user, const gchar *name)
{
  return g_strdup_printf("unix:%s/" FOLDER "/%s.sock", _get_runtime_dir(user), name);
}
