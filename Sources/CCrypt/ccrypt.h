// The C library's password hashing. Spec: crypt(3), crypt(5).
#pragma once

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

/// Hashes `phrase` as `setting` says into `output`, which has room for `size` bytes.
///
/// Returns 0, or -1 where the library can't do what the setting asks for.
static inline int sallyport_crypt(const char *phrase, const char *setting, char *output, size_t size) {
    struct crypt_data *data = (struct crypt_data *)calloc(1, sizeof *data);
    if (data == NULL) return -1;
    const char *hash = crypt_r(phrase, setting, data);
    int failed = hash == NULL || hash[0] == '*' || strlen(hash) >= size;
    if (!failed) strcpy(output, hash);
    // Volatile, so that wiping what is freed next is not left out.
    volatile char *bytes = (volatile char *)data;
    for (size_t index = 0; index < sizeof *data; index++) bytes[index] = 0;
    free(data);
    return failed ? -1 : 0;
}

/// Writes a setting of the method `prefix` with fresh salt into `output`; -1 where the library doesn't have the method.
static inline int sallyport_crypt_setting(const char *prefix, unsigned long cost, char *output, int size) {
    return crypt_gensalt_rn(prefix, cost, NULL, 0, output, size) == NULL ? -1 : 0;
}
