"""One sentence in two spellings or forms is found whole."""

import pytest

from dedup import compare

SPELLINGS = {
    "Serbian in two alphabets": (
        "Љубитељи старих возова који нису каснили окупили су се у недељу на железничкој станици, "
        "где је изложена парна локомотива из Њемачке.",
        "Ljubitelji starih vozova koji nisu kasnili okupili su se u nedelju na železničkoj "
        "stanici, gde je izložena parna lokomotiva iz Njemačke.",
    ),
    "German without umlauts": (
        "Über hundert Gäste hörten am Samstag die Brüder Müller, die für die Stiftung der "
        "Universität Köln Stücke von Händel spielten.",
        "Ueber hundert Gaeste hoerten am Samstag die Brueder Mueller, die fuer die Stiftung der "
        "Universitaet Koeln Stuecke von Haendel spielten.",
    ),
    "Indonesian with other affixes": (
        "Pemerintah akan menyewakan gudang beras di pelabuhan kepada pedagang yang membayar sewa "
        "setiap bulan dan merawat atapnya.",
        "Gudang beras pelabuhan itu akan disewakan oleh pemerintah kepada para pedagang, dengan "
        "pembayaran sewa setiap bulan dan perawatan atap.",
    ),
    "Persian digits and letters": (
        "در سال ۱۴۰۱ حدود ۳۲۰ کشاورز برای تعمیر کانال آب روستا کمک مالی دریافت کردند.",
        "در سال 1401 حدود 320 كشاورز براي تعمير كانال آب روستا كمك مالي دريافت كردند.",
    ),
    "Chinese, traditional and simplified": (
        "圖書館從週一起延長開放時間，學生可以借閱電腦和樂器。",
        "图书馆从周一起延长开放时间，学生可以借阅电脑和乐器。",
    ),
    "Turkish capitals": (
        "İzmir ılıca yolunda kış boyunca yürüyüş yapan öğrenciler için yeni ışıklar kuruldu.",
        "İZMİR ILICA YOLUNDA KIŞ BOYUNCA YÜRÜYÜŞ YAPAN ÖĞRENCİLER İÇİN YENİ IŞIKLAR KURULDU.",
    ),
}


@pytest.mark.parametrize("kind", SPELLINGS)
def test_a_sentence_in_two_spellings_is_one_passage(kind):
    one, other = SPELLINGS[kind]
    (passage,) = compare(one, other).passages
    assert passage.a.end - passage.a.start >= 0.9 * len(one)
    assert passage.b.end - passage.b.start >= 0.9 * len(other)


@pytest.mark.parametrize("kind", SPELLINGS)
def test_another_sentence_of_the_language_is_no_passage(kind):
    other = {
        "Serbian in two alphabets": "Gradonačelnik je juče otvorio novi bazen za decu u predgrađu, "
        "a ulaz će biti besplatan do kraja leta.",
        "German without umlauts": "Der Bürgermeister eröffnete gestern ein Schwimmbad, und der "
        "Eintritt bleibt bis zum Ende des Sommers frei.",
        "Indonesian with other affixes": "Wali kota kemarin membuka kolam renang baru untuk "
        "anak-anak di pinggiran, dan tiketnya gratis sampai akhir tahun.",
        "Persian digits and letters": "شهردار دیروز استخر تازه‌ای برای کودکان حومه گشود و ورود تا "
        "پایان تابستان رایگان است.",
        "Chinese, traditional and simplified": "市长昨天为郊区的孩子们开了新的游泳池，"
        "夏天结束前免费入场。",
        "Turkish capitals": "Belediye başkanı dün banliyödeki çocuklar için yeni bir havuz açtı ve "
        "giriş yaz sonuna kadar ücretsiz olacak.",
    }[kind]
    assert not compare(SPELLINGS[kind][0], other).passages
