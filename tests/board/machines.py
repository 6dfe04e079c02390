"""The boards: what QEMU is told, which modules are loaded in which order, and what is mounted."""

import collections
import os
import subprocess

# `emulator`: QEMU's options, of the disk's path and the kernel's folder. `kernel`: its command line.
# `prepare`: makes the disk.
# `mount`: device, folder, type. `queue`: the path, its size. `reading_s`: how long the agent takes
# to read it, roughly; the plug is pulled within that, too.
Machine = collections.namedtuple("Machine", "name emulator kernel modules prepare mount queue reading_s")

EXT4 = ("crc32c_generic", "crc16", "mbcache", "jbd2", "ext4")


VIRT_NETWORK = ("virtio_mmio", "failover", "net_failover", "virtio_net")
# On the SPI bus of a Sabre Lite is a 2 MiB NOR (SST25VF016B), on its MDIO bus an Ethernet PHY.
NOR = ("gpio-mxc", "spi-nor", "spi-imx", "mtd_blkdevs", "mtdblock")
SABRELITE_NETWORK = ("libphy", "fixed_phy", "fwnode_mdio", "of_mdio", "mdio_devres", "selftests",
                     "smsc", "fec")
UBIFS = ("mtd_blkdevs", "nandsim parts=512 id_bytes=0x20,0x75", "ubi mtd=0", "zstd_compress",
         "zstd", "deflate", "crc16", "ubifs")
JFFS2 = ("zstd_compress", "deflate", "jffs2")


def virt(disk, _):
    # cache=writeback: what the guest's kernel has written is the host's, and outlives the emulator.
    return ("-M", "virt", "-cpu", "cortex-a7", "-m", "128",
            "-drive", f"if=none,id=disk,format=raw,cache=writeback,file={disk}",
            "-device", "virtio-blk-device,drive=disk", "-serial", "stdio",
            "-netdev", "user,id=net", "-device", "virtio-net-device,netdev=net")


def sabrelite(disk, kernel):
    tree = next(kernel.glob("usr/lib/*/imx6q-sabrelite.dtb"))
    return ("-M", "sabrelite", "-m", "128", "-dtb", str(tree),
            "-drive", f"if=mtd,format=raw,cache=writeback,file={disk}",
            "-serial", "null", "-serial", "stdio", "-nic", "user")


def ext4_disk(disk):
    with disk.open("wb") as file:
        file.truncate(32 << 20)
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"  # not everybody looks there
    subprocess.run(["mkfs.ext4", "-q", "-F", str(disk)], check=True, env={**os.environ, "PATH": path})


def erased_nor(disk):
    disk.write_bytes(b"\xff" * (2 << 20))


MACHINES = {machine.name: machine for machine in (
    Machine("ext4", virt, "console=ttyAMA0", (*VIRT_NETWORK, "virtio_blk", *EXT4), ext4_disk,
            ("/dev/vda", "/data", "ext4"), ("/data/queue", "1MiB"), 0.15),
    Machine("jffs2", sabrelite, "console=ttymxc1", (*NOR, *SABRELITE_NETWORK, *JFFS2), erased_nor,
            ("/dev/mtdblock0", "/data", "jffs2"), ("/data/queue", "1MiB"), 0.3),
    Machine("nor", sabrelite, "console=ttymxc1", (*NOR, *SABRELITE_NETWORK), erased_nor,
            None, ("/dev/mtd0", "2MiB"), 0.8),
)}

# Its NAND lies in the board's memory and is empty after every boot: nothing to pull the plug of.
NANDSIM = Machine("ubifs", virt, "console=ttyAMA0", (*VIRT_NETWORK, *UBIFS), ext4_disk,
                  ("ubi0:data", "/data", "ubifs"), ("/data/queue", "1MiB"), 0.3)
