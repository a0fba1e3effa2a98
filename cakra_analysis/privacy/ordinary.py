"""Words that are no names: what ends a name, what may be both, and function words."""

from __future__ import annotations

import functools
from importlib import resources

# What may follow "Bapak" or "Ibu" without being a name; such a word ends a name as well.
ORDINARY_WORDS = """
    acara ajar aktif alumni anggota asn bagian bagus baik bapak berbicara bersama bicara bidang
    bimbing bu contoh cukup datang dilibatkan dinas diskusi fasilitator galak guru hadir harus
    hebat humoris ibu ikut instruktur interaktif jarang jelas kantor kawin kecamatan kegiatan
    kelas kelurahan kompeten komunikatif kota kurang lebih luar mantap mantul materi mau
    membantu membawakan memberi memberikan membimbing menarik mengajar menguasai menjelaskan
    mentor menyampaikan mereka metode moderator narasumber nyaman pak panitia pegawai pelatihan
    pemateri pembicara pendamping pengajar penguji perlu peserta pns praktik profesional puas
    ramah rapi ruangan sabar saran saudara saudari sdr sdri sebaiknya seharusnya sekretariat
    selalu sering seru sesi setempat sopan staf tegas terbaik terima terimakasih terlalu trainer
    tutor wajib waktu widyaiswara
"""
ORDINARY = frozenset(ORDINARY_WORDS.split())
# Parts of names that are words as well: masked beside another part, or capitalised inside a
# sentence.
NAMES_TOO = """
    adi agung agus amal aman arif asri bagus bahagia baik bijak bintang bulan cahaya cerdas cinta
    damai fajar gemilang guna harum hari hidayah ikhlas iman indah insan jaya jujur karya maju
    makmur mawar mei melati mega muda mulia murah murni nyata perdana permai pertama pratama putra
    putri rapi sakti santun sari sejahtera senang senja sentosa setia sinar suci sukses surya tegar
    teguh terang tulus unggul utama wangi
"""
WORDS_TOO = frozenset(NAMES_TOO.split())


@functools.cache
def list_stopwords() -> frozenset[str]:
    """Return the function words of Indonesian, chat spellings included.

    Returns
    -------
    frozenset of str
        From ``stopwords.txt``, in small letters.

    Examples
    --------
    >>> "yang" in list_stopwords(), "materi" in list_stopwords()
    (True, False)
    """
    file = resources.files("cakra_analysis.privacy").joinpath("stopwords.txt")
    return frozenset(file.read_text("utf-8").split())
