package main

import "strings"

// ideographs gives each ideograph that has another form the one it is matched
// in (rule 6): radicals by Equivalent_Unified_Ideograph (UAX #44), traditional
// forms by kSimplifiedVariant (UAX #38), then the variants below.
//
// The target is for matching alone and need not be what a writer of simplified
// Chinese would choose: 乾 gives 干 in 乾坤 too. All that counts is that a
// pattern and a message meet.
func (f *folder) ideographs() map[rune]rune {
	m := map[rune]rune{}
	for r, t := range f.ideograph {
		m[r] = t
	}
	for r, list := range f.simplified {
		for _, t := range list {
			// Forms beyond the BMP are simplified by analogy and never typed.
			if t != r && t < 0x10000 {
				m[r] = t
				break
			}
		}
	}
	for _, pair := range strings.Fields(variants) {
		p := []rune(pair)
		m[p[0]] = p[1]
	}
	for r := range m { // no chains
		seen := map[rune]bool{r: true}
		for t, ok := m[m[r]]; ok && !seen[t]; t, ok = m[m[r]] {
			seen[t] = true
			m[r] = t
		}
		if m[r] == r {
			delete(m, r)
		}
	}
	return m
}

// exclusive reports whether an ideograph is written in traditional text alone
// or in simplified text alone: Unihan lists a character among its own variants
// where it is used in both.
func (f *folder) exclusive(r rune) (hant, hans bool) {
	has := func(list []rune) bool {
		for _, t := range list {
			if t == r {
				return true
			}
		}
		return false
	}
	s, t := f.simplified[r], f.traditional[r]
	return len(s) > 0 && !has(s) && len(t) == 0, len(t) > 0 && !has(t) && len(s) == 0
}

// variants are pairs that Unihan's kSimplifiedVariant lacks or gives in a form
// nobody types: from the Table of General Standard Chinese Characters (通用规范汉字表,
// State Council of China, 2013), appendix 1, and kSemanticVariant and kZVariant of
// Unihan 15.0; and, marked by their line, what Hong Kong and Taiwan write.
const variants = `
佔占 佈布 僱雇 菸烟 週周 遊游 兇凶 羣群 峯峰 裏里 裡里 爲为 説说 綫线 証证 牀床 啟启 啓启 衆众 喫吃 祕秘 嚐尝 歎叹 嘆叹 慾欲
搾榨 氾泛 汙污 汚污 洩泄 燻熏 燄焰 痲麻 盃杯 砲炮 礮炮 箇个 糰团 脣唇 獃呆 荳豆 覈核 譁哗 譟噪 讚赞 踫碰 逕径 醃腌 釦扣 銲焊
舖铺 鑑鉴 陞升 昇升 鷄鸡 鶏鸡 餵喂 鬪斗 鬭斗 麪面 馀余 锺钟 缐线 唸念 癡痴 託托 蹟迹 跡迹 凴凭 嬾懒 姪侄 寳宝 徧遍 恊协 敍叙 晩晚
暱昵 柺拐 槓杠 樑梁 燬毁 濬浚 瑯琅 甦苏 畧略 皁皂 睠眷 瞇眯 硏研 窻窗 粧妆 紮扎 絶绝 綵彩 緖绪 耑专 舘馆 菓果 蓆席 蝨虱 衞卫 覩睹
讎仇 讐仇 豓艳 豔艳 賸剩 躭耽 輭软 迺乃 郞郎 隣邻 酧酬 醻酬 録录 鎗枪 閲阅 闗关 阯址 陜陕 颺扬 駡骂 騐验 鹼碱 龢和 淨净 産产 囯国
卽即 旣既 眞真 靑青 麤粗 勳勋 呌叫 喆哲 堦阶 墻墙 壻婿 姉姊 嫺娴 尅克 幇帮 彿佛 悽凄 淒凄 惪德 挿插 揷插 擧举 攷考 擡抬 滙汇
犂犁 甎砖 疎疏 痺痹 碁棋 祐佑 簷檐 糉粽 綑捆 緜绵 繖伞 罎坛 羢绒 羶膻 胷胸 臥卧 葯药 藷薯 袴裤 覇霸 譌讹 貍狸 賍赃 踰逾 遶绕 鄕乡
醕醇 鉅巨 鉢钵 鋭锐 錬炼 鍊炼 鎚锤 鐡铁 鑵罐 閧哄 隂阴 靭韧 頼赖 顔颜 飜翻 飮饮 餽馈 駞驼 鵰雕 黙默 瀞净 嚮向 闇暗 閤合
妳你 牠它 祇只 衹只 帐账 帳账 噉咁 搵揾 甚什
`
