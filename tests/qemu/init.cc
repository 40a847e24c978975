// First process of a test machine: prints the kernel's command line and every file of its initramfs with mode, size and first
// line, and switches the machine off.
#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

static std::string first_line(const std::string& path) {
    char buffer[64] = {};
    int file = open(path.c_str(), O_RDONLY);
    ssize_t size = read(file, buffer, sizeof buffer - 1);
    close(file);
    std::string text(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
    return text.substr(0, text.find('\n'));
}

static void show(const std::string& folder) {
    DIR* directory = opendir(folder.empty() ? "/" : folder.c_str());
    if (!directory) return;
    while (dirent* entry = readdir(directory)) {
        std::string path = folder + "/" + entry->d_name;
        struct stat status;
        if (!std::strcmp(entry->d_name, ".") || !std::strcmp(entry->d_name, "..") || lstat(path.c_str(), &status)) continue;
        if (path == "/proc" || path == "/dev" || path == "/sys" || path == "/init") continue;
        if (S_ISDIR(status.st_mode)) {
            std::printf("DIR %s %o\n", path.c_str(), status.st_mode & 07777);
            show(path);
        } else {
            std::printf("FILE %s %o %ld %s\n", path.c_str(), status.st_mode & 07777, static_cast<long>(status.st_size),
                        first_line(path).c_str());
        }
    }
    closedir(directory);
}

int main() {
    mkdir("/proc", 0755);
    mount("proc", "/proc", "proc", 0, nullptr);
    int kernel = open("/proc/sys/kernel/printk", O_WRONLY);  // its messages must not run through ours
    (void)!write(kernel, "1", 1);
    close(kernel);
    std::printf("\nCMDLINE %s\n", first_line("/proc/cmdline").c_str());
    std::fflush(stdout);
    FILE* file = std::fopen("/proc/cmdline", "r");
    char line[4096] = {};
    if (file && std::fgets(line, sizeof line, file)) std::printf("CMDLINE LENGTH %zu\n", std::strcspn(line, "\n"));
    show("");
    std::printf("INIT DONE\n");
    std::fflush(stdout);
    sync();
    reboot(RB_POWER_OFF);
}
