package check
import ("testing";"os";"homeward/form/picture")
func TestTmpOne(t *testing.T){
 ts:=tesseract(t); c:=readChat(t,os.Getenv("CHAT")); c.Theme=os.Getenv("THEME")
 m,err:=picture.Decode(screenshot(t,c)); if err!=nil{t.Fatal(err)}
 r:=picture.ForReading(m); os.WriteFile("/tmp/ocr/one.png",r,0o644)
 names,err:=ts.choose(t.Context(),picture.Excerpt(r,excerptLines),nil)
 pg,_:=ts.page(t.Context(),r,names,singleColumn)
 for _,l:=range pg.lines{t.Logf("%d-%d %d..%d %q",l.top,l.bottom,l.left,l.right,l.text)}
 t.Log(names,err,"\n"+pg.text())
}
